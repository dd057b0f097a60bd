"""The set-up of the environment, as far as it goes without one: settings, pinned files, stamps."""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import io
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the set-up consists of, in a folder with a blank and Chinese characters in its name."""
    folder = tmp_path / "公开 copy"
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".tools").mkdir()
    return folder


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], ModuleType]:
    """A loader of a set-up module from its file, in an environment without anybody's settings."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")

    def loaded(file: Path) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"set_up_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A package index on this machine: its address and its folder."""
    folder = tmp_path / "index"
    (folder / "simple" / "uv").mkdir(parents=True)
    handler = partial(Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple", folder
        server.shutdown()


def publish(folder: Path, tag: str) -> bytes:
    """Put a wheel of uv 1.2.3 into an index and return its bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("uv-1.2.3.data/scripts/uv", "#!/bin/sh\necho here\n")
    name = f"uv-1.2.3-py3-none-{tag}"
    (folder / "simple" / "uv" / name).write_bytes(content.getvalue())
    (folder / "simple" / "uv" / "index.html").write_text(
        f'<a href="uv-1.2.3-py3-none-win32.whl">other</a> <a href="{name}#sha256=0">ours</a>', encoding="utf-8"
    )
    return content.getvalue()


def test_uv_comes_from_the_configured_index(
    checkout: Path, load: Callable[[Path], ModuleType], index: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installer = load(checkout / "tools" / "installer.py")
    address, folder = index
    wheel = publish(folder, next(iter(installer.wheel_tags())))
    pinned = checkout / "requirements" / "uv.txt"
    pinned.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_INDEX_URL", address)
    installer.uv_by_index(checkout / ".tools" / "uv")
    said = subprocess.run([str(checkout / ".tools" / "uv" / "bin" / "uv")], capture_output=True, check=True)
    assert said.stdout == b"here\n"


def test_another_file_than_the_pinned_one_is_refused(
    checkout: Path, load: Callable[[Path], ModuleType], index: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installer = load(checkout / "tools" / "installer.py")
    address, folder = index
    publish(folder, next(iter(installer.wheel_tags())))
    pinned = checkout / "requirements" / "uv.txt"
    pinned.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_INDEX_URL", address)
    with pytest.raises(installer.SetupError, match="is not the file"):
        installer.uv_by_index(checkout / ".tools" / "uv")
    assert not (checkout / ".tools" / "uv").exists()


def test_without_an_index_the_message_says_what_is_missing(checkout: Path, load: Callable[[Path], ModuleType]) -> None:
    installer = load(checkout / "tools" / "installer.py")
    with pytest.raises(installer.SetupError, match="no package index is configured"):
        installer.uv_by_index(checkout / ".tools" / "uv")
    assert "apt-get install python3-venv" in installer.advice()


def test_settings_of_pip_reach_uv(
    checkout: Path, load: Callable[[Path], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer = load(checkout / "tools" / "installer.py")
    file = tmp_path / "pip.conf"
    file.write_text(
        f"[global]\nindex-url = https://one.example/simple\nextra-index-url =\n  https://two.example/simple\n"
        f"  file://{tmp_path}/nowhere\ntrusted-host = one.example\n[install]\nfind-links = {tmp_path}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    told = installer.for_uv(installer.pip_settings(), {})
    assert told["UV_DEFAULT_INDEX"] == "https://one.example/simple"
    assert told["UV_INDEX"] == "https://two.example/simple"
    assert told["UV_FIND_LINKS"] == str(tmp_path)
    assert told["UV_INSECURE_HOST"] == "one.example"
    monkeypatch.setenv("PIP_INDEX_URL", "https://three.example/simple")
    assert installer.for_uv(installer.pip_settings(), {})["UV_DEFAULT_INDEX"] == "https://three.example/simple"
    own = {"UV_DEFAULT_INDEX": "https://four.example/simple"}
    assert "UV_DEFAULT_INDEX" not in installer.for_uv(installer.pip_settings(), own)


def test_an_environment_is_ready_only_where_and_from_what_it_was_made(
    checkout: Path, load: Callable[[Path], ModuleType]
) -> None:
    environment = load(checkout / "tools" / "environment.py")
    assert not environment.ready("run")
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert not environment.ready("run")
    stamp = checkout / ".venv" / "made-from.txt"
    stamp.write_text(f"made\t{environment.made_by()}\ndev\t{environment.digest('dev')}\n", encoding="utf-8")
    assert environment.ready("dev")
    assert environment.ready("run")
    moved = checkout.with_name("moved")
    checkout.rename(moved)
    environment = load(moved / "tools" / "environment.py")
    assert not environment.ready("dev")
    stamp = moved / ".venv" / "made-from.txt"
    stamp.write_text(f"made\t{environment.made_by()}\nrun\t{environment.digest('run')}\n", encoding="utf-8")
    assert environment.ready("run")
    assert not environment.ready("dev")
    with (moved / "requirements" / "run.txt").open("a", encoding="utf-8") as lock:
        lock.write("# another\n")
    assert not environment.ready("run")
