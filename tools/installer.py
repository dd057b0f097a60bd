"""uv, which installs the locked packages: fetched here, and told what pip is configured with.

The version and its hashes stand in `requirements/uv.txt`; no package index stands anywhere in this
repository. uv comes through the first of these that works: this Python's pip, a virtual environment's
pip, the index that pip or uv is configured with, read directly, and Debian's package of pip, unpacked
without being installed. Needs only Python's standard library.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
PINNED = ROOT / "requirements" / "uv.txt"
DEBIAN_PIP = "python3-pip-whl"


class SetupError(Exception):
    """Something that the set-up needs is missing or failed; the message says what, and what to do."""


def uv_program() -> str:
    """The path of the pinned uv, fetched where it is not there yet."""
    home = TOOLS / f"uv-{hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]}"
    program = home / "bin" / "uv"
    if program.exists():
        return str(program)
    import shutil

    half = home.with_suffix(".part")
    reasons = []
    for way in (uv_by_pip, uv_by_index, uv_by_debian_pip):
        shutil.rmtree(half, ignore_errors=True)
        try:
            way(half)
        except (SetupError, OSError) as error:
            reasons.append(str(error))
            continue
        shutil.rmtree(home, ignore_errors=True)
        half.replace(home)
        return str(program)
    raise SetupError("\n  ".join(["uv, which installs the dependencies, cannot be had:", *reasons, advice()]))


def advice() -> str:
    """Which package makes the set-up work."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        f"Install Python's venv and try again: on Debian and Ubuntu `apt-get install python3-venv` "
        f"(python{version}-venv); elsewhere a Python with the modules venv and ensurepip."
    )


def uv_by_pip(target: Path) -> None:
    """Fetch uv with this Python's pip, or else the pip of a new virtual environment."""
    import importlib.util

    python = sys.executable
    if importlib.util.find_spec("pip") is None:
        if not has_pip_for_environments():
            raise SetupError("this Python has no pip, and `python3 -m venv` does not work")
        python = str(TOOLS / "pip" / "bin" / "python")
        run([base_python(), "-m", "venv", "--clear", str(TOOLS / "pip")])
    pip_install([python, "-m", "pip"], target)


def uv_by_debian_pip(target: Path) -> None:
    """Fetch uv with the pip of Debian's own package, downloaded by apt and unpacked without being installed."""
    import shutil
    import tempfile

    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SetupError("there is no apt-get to fetch Debian's package of pip with")
    with tempfile.TemporaryDirectory(dir=TOOLS) as name:
        place = Path(name)
        for folder in ("lists/partial", "cache/archives/partial"):
            (place / folder).mkdir(parents=True)
        # apt reads its settings from the system and writes here alone, so it needs neither root nor a lock.
        settings = {"Dir::State::lists": place / "lists", "Dir::Cache": place / "cache", "Debug::NoLocking": "1"}
        settings.update({"APT::Sandbox::User": "", "Acquire::Languages": "none", "Acquire::Retries": "0"})
        apt = ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in settings.items())]
        run([*apt, "update"])
        run([*apt, "download", DEBIAN_PIP], folder=place)
        for package in place.glob(f"{DEBIAN_PIP}_*.deb"):
            run(["dpkg-deb", "-x", str(package), str(place / "unpacked")])
        wheels = sorted((place / "unpacked").rglob("pip-*.whl"))
        if not wheels:
            raise SetupError(f"Debian's {DEBIAN_PIP} holds no pip")
        pip_install([sys.executable, str(wheels[-1] / "pip")], target)


def pip_install(pip: Sequence[str], target: Path) -> None:
    """Install what `requirements/uv.txt` lists into the folder `target`, by hash."""
    # A user's settings that send pip elsewhere, or forbid it outside an environment, do not fit --target.
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [*pip, "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    run([*command, "--target", str(target), "-r", str(PINNED)], environment)


def uv_by_index(target: Path) -> None:
    """Fetch uv's wheel from the configured package index, where one is configured, and unpack its program."""
    import stat
    import zipfile

    settings = pip_settings()
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or settings.get("index-url")
    if not index:
        raise SetupError("no package index is configured for pip or uv (PIP_INDEX_URL, UV_DEFAULT_INDEX, pip.conf)")
    lines = PINNED.read_text(encoding="utf-8")
    version = lines.partition("uv==")[2].split()[0]
    page = f"{index.rstrip('/')}/uv/"
    tags = tuple(wheel_tags())
    links = [link for link in links_of(page, settings) if wheel_name(link).startswith(f"uv-{version}-")]
    fitting = [link for link in links if wheel_name(link).endswith(tags)]
    if not fitting:
        raise SetupError(f"the configured index has no wheel of uv {version} for this machine")
    wheel = target.with_suffix(".whl")
    wheel.write_bytes(fetch(fitting[0], settings))
    if f"--hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}" not in lines.split():
        wheel.unlink()
        raise SetupError(f"{wheel_name(fitting[0])} is not the file that requirements/uv.txt names")
    program = target / "bin" / "uv"
    program.parent.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        program.write_bytes(archive.read(inside))
    program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    wheel.unlink()


def wheel_tags() -> Iterator[str]:
    """The endings of the wheels of uv that run on this machine."""
    import platform

    machine = platform.machine()
    if sys.platform == "darwin":
        yield f"_{machine}.whl"
    elif platform.libc_ver()[0] == "glibc":
        yield f"manylinux2014_{machine}.whl"
        yield f"manylinux_2_28_{machine}.whl"
        yield f"manylinux_2_31_{machine}.whl"
    else:
        yield f"musllinux_1_1_{machine}.whl"


def wheel_name(link: str) -> str:
    """The file name in an address."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(link).path.rpartition("/")[2])


def links_of(page: str, settings: Mapping[str, str]) -> list[str]:
    """The addresses that an index's page of one project links to, in its order."""
    from html.parser import HTMLParser
    from urllib.parse import urljoin

    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                found.extend(urljoin(page, value) for name, value in attrs if name == "href" and value)

    Links().feed(fetch(page, settings).decode("utf-8"))
    return found


def fetch(address: str, settings: Mapping[str, str]) -> bytes:
    """The bytes at `address`, with the certificates and the name and password that are configured for it."""
    import base64
    import ssl
    import urllib.request
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(address)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_header("Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}")
    context = ssl.create_default_context(cafile=settings.get("cert"))
    if parts.hostname in settings.get("trusted-host", "").split():
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        content: bytes = answer.read()
    return content


def pip_settings() -> dict[str, str]:
    """What pip is configured with here: its files, weakest first, then its environment variables."""
    import configparser

    home = Path.home()
    files = [Path(folder) / "pip" / "pip.conf" for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")]
    files += [Path("/etc/pip.conf"), home / ".pip" / "pip.conf"]
    files += [Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"]
    files += [Path(sys.prefix) / "pip.conf"]
    named = os.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        files = []
    elif named:
        files.append(Path(named))
    settings: dict[str, str] = {}
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise SetupError(f"pip's configuration cannot be read: {error}") from error
        for section in ("global", "install"):
            if parser.has_section(section):
                settings.update({key.replace("_", "-"): value for key, value in parser.items(section)})
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def uv_environment(leaving_out: Sequence[str] = ()) -> dict[str, str]:
    """The environment variables to run uv with; `leaving_out` names settings of pip that it is not told."""
    settings = {key: value for key, value in pip_settings().items() if key not in leaving_out}
    return {**os.environ, **for_uv(settings, os.environ), "UV_PYTHON_DOWNLOADS": "never"}


def for_uv(settings: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """pip's settings as uv's environment variables; what the environment says to uv itself stays."""
    translated = {"UV_SYSTEM_CERTS": "1"}
    for_itself = {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_CONFIG_FILE"}
    if not for_itself & given.keys():
        if settings.get("index-url"):
            translated["UV_DEFAULT_INDEX"] = settings["index-url"]
        extra = [index for index in settings.get("extra-index-url", "").split() if is_there(index)]
        if extra:
            translated["UV_INDEX"] = " ".join(extra)
            # pip looks in all its indexes too; the hashes of the lock files decide what is taken from them.
            translated["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if settings.get("find-links"):
        translated["UV_FIND_LINKS"] = ",".join(place for place in settings["find-links"].split() if is_there(place))
    for key, name in (("cert", "SSL_CERT_FILE"), ("proxy", "ALL_PROXY"), ("trusted-host", "UV_INSECURE_HOST")):
        if settings.get(key):
            translated[name] = " ".join(settings[key].split())
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        translated["UV_NO_INDEX"] = "1"
    home = Path.home()
    if not os.access(home, os.W_OK) and not {"XDG_CACHE_HOME", "UV_CACHE_DIR"} & given.keys():
        translated["UV_CACHE_DIR"] = str(TOOLS / "cache")
    return {name: value for name, value in translated.items() if value and name not in given}


def is_there(place: str) -> bool:
    """Whether a place for packages can be asked: any address, but only a folder that exists."""
    if place.startswith("file:"):
        place = place.partition(":")[2].replace("//", "", 1)
    return "://" in place or Path(place).is_dir()


def base_python() -> str:
    """The Python behind the one that runs, so that no environment hangs on another."""
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    return base


def has_pip_for_environments() -> bool:
    """Whether `python3 -m venv` can make an environment with pip in it."""
    import importlib.util

    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def run(command: Sequence[str], environment: dict[str, str] | None = None, folder: Path = ROOT) -> None:
    """Run a program; where it fails, its last words are the error."""
    import subprocess

    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        raise SetupError(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        words = done.stdout.decode("utf-8", "replace").strip().splitlines()[-15:]
        raise SetupError("\n    ".join([f"{Path(command[0]).name} failed with exit code {done.returncode}:", *words]))
