"""A local HTTP server that serves files with HTTP ranges, and fails in the ways that real servers do."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FaultServer:
    """Serves ``files`` (path → bytes). ``faults`` holds one entry per coming request; once empty, all goes well.

    Faults: an HTTP status (int), ``(status, headers)``, or ``"truncated"`` (the connection closes half-way),
    ``"silently truncated"`` (no length announced), ``"flipped"`` (one byte differs), ``"stall"`` (half, then silence),
    ``"login"`` (another page with status 200). ``forever`` repeats one fault. ``chunked``: like GitHub's archives, the
    body comes in chunks, without a length and without ranges.
    """

    def __init__(self, files: dict[str, bytes], chunked: bool = False, pause: float = 0.0):
        self.files, self.chunked, self.pause = files, chunked, pause
        self.faults, self.forever = [], None
        self.requests = []  # (path, Range header or None, status)
        self.released = threading.Event()  # ends every stall
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer._answer(self)

            def log_message(self, *arguments):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    def close(self) -> None:
        self.released.set()
        self.http.shutdown()
        self.http.server_close()

    def _answer(self, handler) -> None:
        fault = self.faults.pop(0) if self.faults else self.forever
        asked = handler.headers.get("Range")
        body = self.files.get(handler.path)
        headers = {}
        if body is None:
            fault = 404
        if isinstance(fault, tuple):
            fault, headers = fault
        if isinstance(fault, int):
            status, body = fault, b"error"
        elif fault == "login":
            status, body = 200, b"<html>Please log in to the school's network</html>"
        elif asked and not self.chunked:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            status = 206 if start < len(body) else 416
            headers = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            body = body[start:]
        else:
            status = 200
        self.requests.append((handler.path, asked, status))
        if fault == "flipped":
            body = body[:-1] + bytes([body[-1] ^ 1])
        handler.send_response(status)
        for key, value in headers.items():
            handler.send_header(key, value)
        handler.send_header("Connection", "close")
        if self.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        elif fault != "silently truncated":
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.close_connection = True
        if fault in ("truncated", "silently truncated", "stall"):
            body = body[: len(body) // 2]
        step = 8192 if self.pause else len(body) or 1
        try:
            for start in range(0, len(body), step):
                piece = body[start : start + step]
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if self.chunked else piece)
                handler.wfile.flush()
                time.sleep(self.pause)
            if self.chunked and fault not in ("truncated", "stall"):
                handler.wfile.write(b"0\r\n\r\n")
            if fault == "stall":
                self.released.wait(30)
        except OSError:  # the client went away
            pass
