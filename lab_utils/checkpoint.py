"""Files that are whole or not there: results and training states written in one step, and verified when they are read."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class CheckpointError(RuntimeError):
    """A checkpoint could not be read or written; the message says why and what to do."""


@contextmanager
def whole_file(path) -> Iterator[Path]:
    """A temporary path to write to; at the end it takes the name ``path`` in one step, or vanishes if something failed.

    Raises
    ------
    OSError
        In Korean, if the disk is full or read-only.
    """
    path = Path(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise type(error)(error.errno, f"{path} 를 저장하지 못했습니다.\n  원인: {error.strerror or error}\n"
                          "  해결: 디스크의 자리와 쓰기 권한을 확인하고 다시 실행하세요. 앞서 저장된 파일은 그대로 있습니다.") from error
    finally:
        with suppress(OSError):  # a read-only disk forbids even this
            part.unlink(missing_ok=True)


def save_checkpoint(path: Path, state: dict) -> None:
    """Write a training state (tensors, numbers, texts) with its SHA-256: a half-written one never bears the name.

    Raises
    ------
    CheckpointError
        If the disk is full or read-only; the checkpoint that was there is untouched.
    """
    import torch

    buffer = io.BytesIO()
    torch.save(state, buffer)
    content = buffer.getbuffer()
    try:
        with whole_file(path) as part, open(part, "wb") as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)
    except OSError as error:
        cause = error.__cause__ or error
        raise CheckpointError(
            f"체크포인트 {path} 를 저장하지 못했습니다.\n  원인: {getattr(cause, 'strerror', None) or cause}\n"
            f"  해결: 디스크에 {len(content) / 1e6:.0f} MB 넘게 자리를 비우고 같은 명령을 다시 실행하면 마지막으로 저장된 곳부터 이어집니다."
        ) from error


def load_checkpoint(path: Path) -> dict | None:
    """The checkpoint, or None if there is none; its checksum is verified.

    Raises
    ------
    CheckpointError
        If the file is damaged.
    """
    import torch

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        raise CheckpointError(f"체크포인트 {path} 가 손상되었습니다.\n  원인: 내용이 저장할 때의 검사값과 다릅니다.\n"
                              "  해결: 그 파일을 지우고 다시 실행하면 처음부터 학습합니다.")
    return torch.load(io.BytesIO(content[32:]), map_location="cpu", weights_only=True)
