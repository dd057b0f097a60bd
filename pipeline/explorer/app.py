"""The server of the explorer: pages, JSON API, documents, downloads. It only reads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from parsers.errors import GongkaiError, UsageError
from pipeline.explorer import api
from pipeline.explorer.index import PreparingError
from pipeline.explorer.queries import NotThereError
from pipeline.explorer.site import Site
from pipeline.explorer.store import SlowQuestionError, Store
from pipeline.explorer.texts import LANGUAGES, preferred
from pipeline.explorer.viewer import Viewer, ViewError
from pipeline.versions import VERSION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

LONGEST = 4_000
"""Characters that the path and query of an address may have."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of the explorer may load: what this server has, no inline script or style."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def application(folder: str, raw: Sequence[str], hosts: Sequence[str] = ("127.0.0.1", "localhost", "[::1]")) -> FastAPI:
    """The explorer as an ASGI application over the tables in `folder`, whose documents are in `raw`.

    Requests under other names than `hosts` are refused, so that no page elsewhere can ask for the data through a
    name of its own. UsageError when the folder holds no tables.
    """
    store = Store(folder)
    site = Site(store, Viewer(store, raw))
    app = FastAPI(title="gongkai", version=VERSION, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.site = site
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)

    @app.middleware("http")
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        answer: Response
        if len(request.url.path) + len(request.url.query) > LONGEST:
            answer = failed(request, 414, "too_long")
        elif request.method not in ("GET", "HEAD"):
            answer = failed(request, 405, "read_only")
        else:
            answer = await call_next(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("Cache-Control", "no-cache")
        return answer

    def failed(request: Request, status: int, name: str, message: str = "") -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": name, "message": message or name}, status)
        language = request.url.path.split("/")[1] if request.url.path.count("/") else ""
        if language not in LANGUAGES:
            language = preferred(request.headers.get("accept-language", ""))
        return site.failure(request, language, status, name, message)

    @app.exception_handler(GongkaiError)
    async def known(request: Request, error: GongkaiError) -> Response:
        kinds: list[tuple[type, int, str]] = [
            (NotThereError, 404, "not_there"),
            (ViewError, 404, "no_view"),
            (UsageError, 400, "bad_request"),
            (SlowQuestionError, 503, "too_slow"),
            (PreparingError, 503, "preparing"),
        ]
        status, name = next(((code, name) for kind, code, name in kinds if isinstance(error, kind)), (500, "broken"))
        answer = failed(request, status, name, str(error))
        if isinstance(error, PreparingError):
            answer.headers["Retry-After"] = "3"
            answer.headers["Refresh"] = "3"
        return answer

    @app.exception_handler(HTTPException)
    async def unknown(request: Request, error: HTTPException) -> Response:
        return failed(request, error.status_code, "no_page" if error.status_code == 404 else "bad_request")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if first["loc"][:2] == ("path", "language"):
            return failed(request, 404, "no_page")
        return failed(request, 400, "bad_request", f"{first['loc'][-1]}: {first['msg']}")

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        # The error itself goes to the terminal; a page tells only its kind.
        return failed(request, 500, "broken", type(error).__name__)

    @app.get("/", include_in_schema=False)
    def start(request: Request) -> Response:
        return RedirectResponse(f"/{preferred(request.headers.get('accept-language', ''))}/", 302)

    app.mount("/static", StaticFiles(packages=[("pipeline.explorer", "static")]), name="static")
    app.include_router(api.router(store))
    app.include_router(site.router)
    return app


def serve(folder: str, raw: Sequence[str], host: str, port: int, said: Callable[[str], Any]) -> None:
    """Serve until interrupted. `said` is told the address. UsageError when there are no tables, or no such place."""
    import uvicorn

    loopback = host in ("127.0.0.1", "localhost", "::1")
    hosts = ["127.0.0.1", "localhost", "[::1]", "::1"] if loopback else ["*"]
    app = application(folder, raw, hosts)
    settings = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False, limit_concurrency=64
    )
    try:
        listening = settings.bind_socket()
    except SystemExit as error:
        raise UsageError(f"port {port} of {host} cannot be had", remedy="Name another with --port.") from error
    # Whoever is told the address may ask at once.
    listening.listen()
    shown = f"[{host}]" if ":" in host else host
    said(f"http://{shown}:{listening.getsockname()[1]}/")
    threading.Thread(target=_warm_up, args=(app.state.site,), daemon=True).start()
    uvicorn.Server(settings).run(sockets=[listening])


def _warm_up(site: Site) -> None:
    """Have the index made and the overview drawn while the first page is on its way."""
    while True:
        try:
            return site.warm_up()
        except PreparingError:
            continue
        except GongkaiError:
            # Whoever asks for a page is told.
            return None
