"""Every fault of network, server and disk: a clear message, no damaged file, and a retry that succeeds."""

import contextlib
import errno
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from fault_server import FaultServer
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import download as module
from lab_utils.download import Damaged, DownloadError, download, git_blob_id, git_tree_id

CONTENT = random.Random(0).randbytes(300_000)
NAME = "/corpus.txt"
HALF = len(CONTENT) // 2 // module.CHUNK * module.CHUNK  # what is kept of a body that stops half-way: whole chunks
ROOT = Path(__file__).resolve().parent.parent


def is_published(part: Path) -> None:
    if part.read_bytes() != CONTENT:
        raise Damaged("받은 내용이 공개된 것과 다릅니다.")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "BACKOFF", 0.01)
    monkeypatch.setattr(module, "TIMEOUT", (2.0, 0.3))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server():
    server = FaultServer({NAME: CONTENT})
    yield server
    server.close()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "cache" / "corpus.txt"


def check_message(error: DownloadError, cause: str) -> None:
    text = str(error)
    assert "corpus.txt" in text and "원인:" in text and "해결:" in text
    assert cause in text


def succeeds(server, target):
    server.faults, server.forever = [], None
    assert download(server.address + NAME, target, is_published) == target
    assert target.read_bytes() == CONTENT
    assert sorted(file.name for file in target.parent.iterdir() if file.suffix != ".lock") == ["corpus.txt"]


def test_downloads_once_and_then_reads_the_cache(server, target):
    succeeds(server, target)
    succeeds(server, target)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "cause", "way_out"),
    [
        ("truncated", "받는 도중에 연결이 끊겼습니다", "이어서 받습니다"),
        ("silently truncated", "공개된 것과 다릅니다", "다른 네트워크"),
        ("flipped", "공개된 것과 다릅니다", "LAB_DATA_DIR"),
        ("login", "와이파이 로그인 화면", "LAB_DATA_DIR"),
        ("stall", "0.3초 동안 아무것도 보내지 않았습니다", "이어서 받습니다"),
        (404, "파일이 없습니다(HTTP 404)", "새 판"),
        (403, "접근을 막았습니다(HTTP 403)", "LAB_DATA_DIR"),
        (429, "요청이 너무 많아", "다시 실행"),
        (503, "HTTP 503", "다시 실행"),
        ((429, {"Retry-After": "900"}), "15분 뒤에 다시", "LAB_DATA_DIR"),
    ],
    ids=lambda value: str(value) if not isinstance(value, str) or value.isascii() else "",
)
def test_lasting_fault_gives_a_clear_error_and_a_retry_succeeds(server, target, fault, cause, way_out, monkeypatch):
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    server.forever = fault
    with pytest.raises(DownloadError) as caught:
        download(server.address + NAME, target, is_published)
    check_message(caught.value, cause)
    assert way_out in str(caught.value) and server.address in str(caught.value)
    assert not target.exists()
    succeeds(server, target)


@pytest.mark.parametrize("fault", ["truncated", "silently truncated", "flipped", "login", "stall", 429, 500, 503])
def test_passing_fault_is_overcome(server, target, fault):
    server.faults = [fault]
    download(server.address + NAME, target, is_published)
    assert target.read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_hopeless_status_is_not_repeated(server, target):
    server.forever = 404
    with pytest.raises(DownloadError):
        download(server.address + NAME, target, is_published)
    assert len(server.requests) == 1


@pytest.mark.parametrize("header", ["1", "date"])
def test_retry_after_is_obeyed(server, target, header, monkeypatch):
    from email.utils import formatdate

    waits = []
    monkeypatch.setattr(module.time, "sleep", waits.append)
    value = header if header == "1" else formatdate(time.time() + 20, usegmt=True)
    server.faults = [(429, {"Retry-After": value}), (503, {"Retry-After": value})]
    download(server.address + NAME, target, is_published)
    waits = [wait for wait in waits if wait]  # the server's own pauses are 0
    assert len(waits) == 2
    assert all(wait == 1 if header == "1" else 17 < wait < 21 for wait in waits)


def test_back_off_doubles(server, target, monkeypatch):
    waits = []
    monkeypatch.setattr(module.time, "sleep", waits.append)
    monkeypatch.setattr(module, "BACKOFF", 1.0)
    server.forever = 503
    with pytest.raises(DownloadError):
        download(server.address + NAME, target, is_published)
    waits = [wait for wait in waits if wait]
    assert len(waits) == module.ATTEMPTS - 1
    for power, wait in enumerate(waits):
        assert 0.75 * 2**power <= wait <= 1.25 * 2**power


def test_continues_where_it_stopped(server, target):
    server.faults = ["truncated"]
    download(server.address + NAME, target, is_published)
    assert [asked for _, asked, _ in server.requests] == [None, f"bytes={HALF}-"]
    assert server.requests[1][2] == 206


def test_server_gone_half_way_then_back(target, monkeypatch):
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    server = FaultServer({NAME: CONTENT})
    server.faults = ["truncated"]
    original = module.time.sleep
    monkeypatch.setattr(module.time, "sleep", lambda seconds: (server.close(), original(0)) if seconds else None)
    with pytest.raises(DownloadError) as caught:
        download(server.address + NAME, target, is_published)
    check_message(caught.value, "서버에 연결하지 못했습니다")
    part = target.with_name("corpus.txt.part")
    assert not target.exists() and part.stat().st_size == HALF
    monkeypatch.setattr(module.time, "sleep", original)
    again = FaultServer({NAME: CONTENT})
    try:
        succeeds(again, target)
        assert again.requests[0][1] == f"bytes={HALF}-"
    finally:
        again.close()


@pytest.mark.parametrize("fault", ["truncated", "silently truncated", "stall"])
def test_server_without_length_and_ranges_starts_over(target, fault):
    server = FaultServer({NAME: CONTENT}, chunked=True)
    server.faults = [fault]
    try:
        download(server.address + NAME, target, is_published)
        assert target.read_bytes() == CONTENT
        assert [status for *_, status in server.requests] == [200, 200]
    finally:
        server.close()


@pytest.mark.parametrize("left_over", [CONTENT, CONTENT + b"x", b"x" * 1000])
def test_any_left_over_part_ends_well(server, target, left_over):
    target.parent.mkdir()
    target.with_name("corpus.txt.part").write_bytes(left_over)
    succeeds(server, target)


def test_no_network(target, server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(DownloadError) as caught:
        download(f"http://127.0.0.1:{port}{NAME}", target, is_published)
    check_message(caught.value, "서버에 연결하지 못했습니다")
    assert "LAB_DATA_DIR" in str(caught.value) and not target.exists()
    succeeds(server, target)


# ── disk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "cause", "way_out"),
    [
        (errno.ENOSPC, "디스크에 빈자리가 없습니다", "공간을 비우고"),
        (errno.EROFS, "쓸 수 없습니다", "LAB_CACHE_DIR"),
        (errno.EACCES, "쓸 수 없습니다", "LAB_CACHE_DIR"),
        (errno.EIO, "저장하지 못했습니다", "LAB_CACHE_DIR"),
    ],
    ids=["full", "read-only", "forbidden", "broken"],
)
def test_simulated_disk_fault(server, target, number, cause, way_out, monkeypatch):
    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(module.os, "fsync", fail)
        with pytest.raises(DownloadError) as caught:
            download(server.address + NAME, target, is_published)
    check_message(caught.value, cause)
    assert way_out in str(caught.value) and not target.exists()
    succeeds(server, target)


def run_in_own_mounts(script: str, *arguments: str) -> str:
    """Run a shell script where it may mount file systems that vanish with it; skip where that is not allowed."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("실제 파일 시스템 결함은 unshare가 있는 Linux에서만 만들 수 있습니다.")
    command = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    probe = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"여기서는 마운트할 수 없습니다: {probe.stderr.strip()}")
    result = subprocess.run([*command, "sh", "-ec", script, "sh", *arguments], capture_output=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()


FETCH = textwrap.dedent("""
    import sys
    from pathlib import Path
    from lab_utils import download as module
    module.BACKOFF = .01
    url, target, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    def verify(part):
        if part.stat().st_size != size:
            raise module.Damaged("크기가 다릅니다.")
    try:
        module.download(url, target, verify)
        print("DONE")
    except module.DownloadError as error:
        print(error)
    print("THERE" if target.exists() else "ABSENT")
""")


def test_a_disk_that_is_really_full(server, tmp_path):
    out = run_in_own_mounts(
        'mount -t tmpfs -o size=100k none "$1"; "$2" -c "$3" "$4" "$1/corpus.txt" "$5"\n'
        'mount -o remount,size=1m "$1"; "$2" -c "$3" "$4" "$1/corpus.txt" "$5"',
        str(tmp_path), sys.executable, FETCH, server.address + NAME, str(len(CONTENT)),
    )  # fmt: skip
    first, second = out.split("ABSENT")
    assert "corpus.txt" in first and "디스크에 빈자리가 없습니다" in first and "공간을 비우고" in first
    assert "DONE" in second and "THERE" in second
    assert server.requests[-1][1], "the second call must continue the first one's part"


def test_a_cache_that_is_really_read_only(server, tmp_path):
    out = run_in_own_mounts(
        'mount -t tmpfs -o ro none "$1"; "$2" -c "$3" "$4" "$1/corpus.txt" "$5"\n'
        'mount -o remount,rw "$1"; "$2" -c "$3" "$4" "$1/corpus.txt" "$5"',
        str(tmp_path), sys.executable, FETCH, server.address + NAME, str(len(CONTENT)),
    )  # fmt: skip
    first, second = out.split("ABSENT")
    assert "corpus.txt" in first and "쓸 수 없습니다" in first and "LAB_CACHE_DIR" in first
    assert "DONE" in second and "THERE" in second


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def start(server, target) -> subprocess.Popen:
    command = [sys.executable, "-c", FETCH, server.address + NAME, str(target), str(len(CONTENT))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})  # fmt: skip


def test_two_processes_download_once(target):
    server = FaultServer({NAME: CONTENT}, pause=0.04)  # ~1.5 s for the body: the second one has to wait
    try:
        first, second = start(server, target), start(server, target)
        outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
        assert all("DONE" in output for output in outputs), outputs
        assert len(server.requests) == 1
        assert any("기다립니다" in output for output in outputs)
        assert target.read_bytes() == CONTENT
    finally:
        server.close()


def test_killed_download_leaves_nothing_and_is_continued(target):
    server = FaultServer({NAME: CONTENT}, pause=0.1)
    part = target.with_name("corpus.txt.part")
    process = start(server, target)
    try:
        deadline = time.monotonic() + 30
        while not (part.exists() and part.stat().st_size >= 60_000):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows: SIGTERM is TerminateProcess
        process.wait(10)
        kept = part.stat().st_size
        assert not target.exists() and 0 < kept < len(CONTENT)
        server.pause = 0
        succeeds(server, target)
        assert server.requests[-1][1] == f"bytes={kept}-"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.communicate()
        server.close()


# ── git object ids ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_known_object_ids(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert git_blob_id(tmp_path / "empty") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    (tmp_path / "hello").write_bytes(b"hello\n")
    assert git_blob_id(tmp_path / "hello") == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert git_tree_id([]) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.mark.skipif(not shutil.which("git"), reason="git이 없습니다.")
def test_object_ids_agree_with_git(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    files = {"10.json": b"[]", "9.json": b"{}", "100.json": "한글".encode(), "a b": b"\0" * 5000}
    for name, content in files.items():
        (folder / name).write_bytes(content)

    def git(*arguments):
        command = ["git", "-c", "core.autocrlf=false", "-C", str(folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    git("add", ".")
    tree = git("write-tree")
    shutil.rmtree(folder / ".git", ignore_errors=True)
    assert git_tree_id(folder) == git_tree_id(files.items()) == tree


@settings(deadline=None)
@given(st.dictionaries(st.text("abc019._-", min_size=1, max_size=6), st.binary(max_size=30), max_size=6), st.randoms())
def test_tree_id_ignores_order_and_sees_every_byte(files, chance):
    items = list(files.items())
    tree = git_tree_id(items)
    chance.shuffle(items)
    assert git_tree_id(items) == tree
    if items:
        name, content = items.pop()
        assert git_tree_id([*items, (name, content + b"x")]) != tree
        assert git_tree_id([*items, (name + "x", content)]) != tree
