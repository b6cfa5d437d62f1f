"""Download one file so that under its name there is either the whole, verified file or nothing.

Bytes go to ``<name>.part``, which survives a crash and is continued next time (HTTP ``Range``). Only a part that
passes verification takes the final name, in one atomic step. Verification is by git object id: the repository
publishes it with the data, and it works for one file (blob) as for a folder of 14,730 (tree).
"""

import errno
import hashlib
import os
import random
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

ATTEMPTS = 4
BACKOFF = 1.0  # seconds before the second attempt; doubled for each further one
LONGEST_WAIT = 120.0  # seconds; a server that asks for more gets a message instead of a hanging cell
TIMEOUT = (10.0, 30.0)  # seconds to connect, seconds without a single byte (a stall)
CHUNK = 1 << 16

LATER = "잠시 뒤 같은 셀을 다시 실행하세요. 받은 데까지는 남아 있어 이어서 받습니다."
BY_HAND = "계속 안 되면 파일을 직접 받아 한 폴더에 넣고, 환경 변수 LAB_DATA_DIR에 그 폴더의 경로를 적어 주세요."
STATUS = {
    403: "서버가 접근을 막았습니다(HTTP 403).",
    404: "그 주소에 파일이 없습니다(HTTP 404). 자료가 옮겨졌을 수 있으니 lab_utils를 새 판으로 올려 보세요.",
    429: "요청이 너무 많아 서버가 잠시 막았습니다(HTTP 429). 한 교실이 같은 인터넷 주소를 쓰면 자주 생깁니다.",
}


class DownloadError(RuntimeError):
    """A file could not be had; the message (Korean) names the file, the cause and the way out."""

    def __init__(self, name: str, cause: str, way_out: str, url: str = ""):
        address = f"\n  주소: {url}" if url else ""
        super().__init__(f"{name} 파일을 준비하지 못했습니다.\n  원인: {cause}\n  해결: {way_out}{address}")


class Damaged(ValueError):
    """What a verification raises, with the reason (Korean), when the content is not the published one."""


def git_blob_id(path: Path) -> str:
    """Git object id of a file: SHA-1 of ``b"blob <size>\\0"`` and its bytes, as ``git hash-object``."""
    digest = hashlib.sha1(b"blob %d\0" % Path(path).stat().st_size, usedforsecurity=False)
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def git_tree_id(source: Path | Iterable[tuple[str, bytes]]) -> str:
    """Git object id of a flat folder of plain files (mode 100644).

    Parameters
    ----------
    source : Path or iterable of (name, content)
        A folder, or its files in any order, so that an archive can be hashed while it is read.

    Returns
    -------
    str
        40 hexadecimal digits, as ``git rev-parse <commit>:<folder>`` prints them.
    """
    if isinstance(source, str | os.PathLike):
        source = ((file.name, file.read_bytes()) for file in Path(source).iterdir() if file.is_file())
    entries = []
    for name, content in source:
        blob = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)
        blob.update(content)
        entries.append((name.encode(), blob.digest()))
    tree = b"".join(b"100644 %s\0%s" % entry for entry in sorted(entries))
    return hashlib.sha1(b"tree %d\0%s" % (len(tree), tree), usedforsecurity=False).hexdigest()


def download(url: str, target: Path, verify: Callable[[Path], None]) -> Path:
    """Fetch ``url`` to ``target`` unless it is there already; several processes may ask at once.

    Parameters
    ----------
    url : str
        Address of the file.
    target : Path
        Final name. ``<target>.part`` (unfinished) and ``<target>.lock`` may lie beside it.
    verify : callable
        Called with the path of the finished part; raises `Damaged` if the content is not the published one.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    DownloadError
        Whatever went wrong: network, server, content, disk.
    """
    target = Path(target)
    if target.exists():
        return target
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            if not target.exists():
                _fill(url, part, target.name, verify)
                os.replace(part, target)
    except OSError as error:
        raise DownloadError(target.name, *_explain_disk(error, target.parent), url) from error
    return target


@contextmanager
def _alone(target: Path):
    """Hold the lock for ``target``; it falls open by itself when its holder dies."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{target}.lock")
    try:
        lock.acquire(timeout=1)
    except Timeout:
        print(f"다른 프로그램이 {target.name} 파일을 받고 있어 끝나기를 기다립니다.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _fill(url: str, part: Path, name: str, verify: Callable[[Path], None]) -> None:
    """Leave the complete, verified content in ``part``, trying again where that can help."""
    import requests

    damaged = False
    for attempt in range(1, ATTEMPTS + 1):
        wait = BACKOFF * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # a class of 40 must not come back in step
        try:
            _append(url, part, name)
            verify(part)
            return
        except Damaged as error:
            part.unlink()
            cause = f"{error} 와이파이 로그인 화면이나 프록시가 다른 내용을 주었을 수 있습니다."
            if damaged or attempt == ATTEMPTS:  # a second whole download was wrong too: more of them will not help
                raise DownloadError(name, cause, f"다른 네트워크에서 다시 실행해 보세요. {BY_HAND}", url) from error
            damaged = True
        except requests.RequestException as error:
            cause, hopeless = _explain_network(error)
            wait = max(wait, _asked_wait(error))
            if wait > LONGEST_WAIT:
                cause = f"{cause} 서버가 {wait / 60:.0f}분 뒤에 다시 오라고 합니다."
                raise DownloadError(name, cause, f"그때 같은 셀을 다시 실행하세요. {BY_HAND}", url) from error
            if hopeless:
                raise DownloadError(name, cause, f"원인을 고친 뒤 같은 셀을 다시 실행하세요. {BY_HAND}", url) from error
            if attempt == ATTEMPTS:
                raise DownloadError(name, f"{cause} {ATTEMPTS}번 시도했습니다.", f"{LATER} {BY_HAND}", url) from error
        print(f"{name}: {cause} {wait:.0f}초 뒤에 다시 시도합니다({attempt}/{ATTEMPTS}).")
        time.sleep(wait)


def _append(url: str, part: Path, name: str) -> None:
    """One request: the bytes that ``part`` still lacks are appended to it, with a progress bar."""
    import pooch
    import requests
    from tqdm import tqdm

    class Bar(tqdm):
        def __bool__(self):  # pooch asks; tqdm's own answer is False, or an error, while the length is unknown
            return True

    with open(part, "ab") as file, Bar(desc=name, unit="B", unit_scale=True, leave=False, mininterval=0.5) as bar:
        have = file.tell()

        def start_over_if_whole(response, **_):
            if response.status_code == 200:  # the server ignores Range (codeload does) and sends everything
                file.seek(0)
                file.truncate()

        # "identity": a gzip-compressed transfer could not be continued in the middle
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        transport = pooch.HTTPDownloader(
            progressbar=bar, chunk_size=CHUNK, timeout=TIMEOUT, headers=headers, hooks={"response": start_over_if_whole}
        )
        try:
            transport(url, file, None)
        except requests.HTTPError as error:
            if error.response.status_code != 416:  # 416: nothing is left to send; verification judges what we have
                raise
        os.fsync(file.fileno())


def _asked_wait(error) -> float:
    """Seconds that the server asks for in ``Retry-After`` (a number or a date), 0 if it asks for nothing."""
    from email.utils import parsedate_to_datetime

    asked = getattr(error.response, "headers", {}).get("Retry-After", "")
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return 0.0


def _explain_network(error) -> tuple[str, bool]:
    """Cause in words, and whether a further attempt is hopeless."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    if isinstance(error, requests.HTTPError):
        code = error.response.status_code
        hopeless = 400 <= code < 500 and code not in (408, 425, 429)
        return STATUS.get(code, f"서버가 오류로 답했습니다(HTTP {code})."), hopeless
    if isinstance(error, requests.ReadTimeout) or any(isinstance(e, ReadTimeoutError) for e in error.args):
        return f"서버가 {TIMEOUT[1]:g}초 동안 아무것도 보내지 않았습니다.", False
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "받는 도중에 연결이 끊겼습니다.", False
    if isinstance(error, requests.exceptions.SSLError):
        return "보안 연결(TLS)의 인증서를 확인하지 못했습니다. 컴퓨터의 시계와 학교 프록시를 확인해 주세요.", True
    if isinstance(error, requests.ConnectionError):
        return "서버에 연결하지 못했습니다. 인터넷 연결(또는 프록시 설정)을 확인해 주세요.", False
    return f"요청을 보내지 못했습니다({error}).", True


def _explain_disk(error: OSError, folder: Path) -> tuple[str, str]:
    """Cause and way out for a failure on this side of the network."""
    elsewhere = "환경 변수 LAB_CACHE_DIR에 다른 폴더의 경로를 적어 주세요."
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        free = shutil.disk_usage(next(p for p in (folder, *folder.parents) if p.exists())).free / 1e6
        return (
            f"디스크에 빈자리가 없습니다({folder} 에 {free:,.0f} MB 남음).",
            f"공간을 비우고 다시 실행하면 받은 데서 이어집니다. 다른 디스크를 쓰려면 {elsewhere}",
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{folder} 폴더에 쓸 수 없습니다(읽기 전용이거나 권한이 없음).", f"폴더의 권한을 바꾸거나, {elsewhere}"
    return f"{folder} 폴더에 저장하지 못했습니다({error.strerror or error}).", f"디스크를 확인하거나, {elsewhere}"
