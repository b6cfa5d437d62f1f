"""Sentence embeddings: a model from the hub or the one that this project trained, put together from parts, and a cache on disk."""

import hashlib
import inspect
from pathlib import Path

import numpy as np

from .runtime import cache_folder, data_folder, quiet_loading

HUB_MODEL = "jhgan/ko-sroberta-multitask"  # published: 85.60 on the test part of KorSTS (Spearman × 100)
SHIPPED = data_folder() / "models" / "korean-sts"


class ModelError(RuntimeError):
    """A model cannot be had; the message says why and what to do."""


def load(name: str | None = HUB_MODEL, *, fall_back: bool = True):
    """A sentence encoder: a folder, a model of the Hugging Face hub, or the shipped one.

    Parameters
    ----------
    name : str or None
        A folder, or a name on the hub (any Sentence-Transformers model); None: the model that comes with the course.
    fall_back : bool
        If the hub cannot be reached, or turns us away, say so and return the shipped model.

    Returns
    -------
    sentence_transformers.SentenceTransformer

    Raises
    ------
    ModelError
        If the hub has no model of that name, the folder is none of a model, or ``fall_back`` is False and the hub out of reach.
    """
    if name is None or Path(name) == SHIPPED:
        return _read(SHIPPED)
    if Path(name).exists():
        return _read(Path(name))
    try:
        return _read(_cached(name))
    except ModelError:  # not there, or fetched half
        pass
    try:
        return _read(_download(name))
    except _Unreachable as problem:
        if not fall_back:
            raise ModelError(f"모델 {name}을(를) 받지 못했습니다.\n  원인: {problem}\n  해결: {problem.way_out}") from problem
        print(f"⚠ 모델 {name}을(를) 받지 못해, 이 과정에 들어 있는 작은 모델을 씁니다.\n  원인: {problem}\n  해결: {problem.way_out}")
        return _read(SHIPPED)


def build(encoder_folder, pooling: str = "mean", max_length: int = 128):
    """A sentence encoder from its two parts: a Transformer that gives a vector per token, and a pooling that makes one of them.

    Parameters
    ----------
    encoder_folder : path
        Of a model of `transformers` with its tokenizer.
    pooling : str
        ``"mean"`` (Reimers & Gurevych, 2019), ``"cls"``, ``"max"``.
    max_length : int
        Tokens that are read; the rest of a longer text is not seen.

    Returns
    -------
    sentence_transformers.SentenceTransformer
        Weights in single precision.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    try:
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    except ImportError:  # before 5.4
        from sentence_transformers.models import Pooling, Transformer

    folder = Path(encoder_folder)
    if not (folder / "config.json").is_file():
        raise ModelError(f"모델 폴더 {folder} 에 config.json이 없습니다.\n  원인: 폴더 이름이 다르거나 파일을 다 받지 못했습니다.\n"
                         "  해결: 폴더 이름을 확인하고, 맞다면 저장소를 다시 받으세요.")
    keyword = "model_kwargs" if "model_kwargs" in inspect.signature(Transformer.__init__).parameters else "model_args"  # renamed in between
    with quiet_loading():
        transformer = Transformer(str(folder), max_seq_length=max_length, **{keyword: {"dtype": torch.float32}})
    width = transformer.auto_model.config.hidden_size
    return SentenceTransformer(modules=[transformer, Pooling(width, pooling_mode=pooling)], device=None)


def encode(model, texts, *, batch_size: int = 32, progress: bool = True, cache: bool = True) -> np.ndarray:
    """Embeddings of texts; what this model has already encoded is read from disk.

    Parameters
    ----------
    model : sentence_transformers.SentenceTransformer
    texts : sequence of str
        A pandas column will do.
    cache : bool
        Keep and look up the result, by the content of the texts and of the model's weights.

    Returns
    -------
    (n, d) float32

    Raises
    ------
    TypeError
        If ``texts`` is a single string or has something else than strings (an empty cell of a table, say).
    """
    if isinstance(texts, str):
        raise TypeError("글 하나가 아니라 글의 목록이 필요합니다. [글]처럼 대괄호로 감싸 주세요.")
    texts = list(texts)
    if wrong := [n for n, text in enumerate(texts) if not isinstance(text, str)]:
        raise TypeError(f"{wrong[0]}번째 글이 있어야 할 자리에 {texts[wrong[0]]!r}이(가) 있습니다.\n"
                        "  해결: 빈 칸이라면 df.dropna(subset=[열 이름])으로 지운 뒤 다시 실행하세요.")
    path = cache_folder() / "embeddings" / f"{_fingerprint(model, texts)}.npy" if cache else None
    if path is not None and path.exists():
        try:
            return np.load(path, allow_pickle=False)
        except (ValueError, OSError, EOFError):  # damaged: encoded anew
            path.unlink(missing_ok=True)
    vectors = _encode_with_bar(model, texts, batch_size, progress)
    if path is not None:
        from .checkpoint import whole_file

        try:
            with whole_file(path) as part, open(part, "wb") as file:
                np.save(file, vectors)
        except OSError as error:  # a full disk costs the speed-up, not the lesson
            print(f"⚠ {error}")
    return vectors


def _encode_with_bar(model, texts, batch_size, progress) -> np.ndarray:
    """By length, a few batches at a time, with a bar of plain text: the library's own is a widget, which a stored notebook cannot show."""
    from tqdm import tqdm

    order = np.argsort([-len(text) for text in texts], kind="stable")
    found, chunk = [], 8 * batch_size
    with tqdm(total=len(texts), desc="임베딩", unit="글", disable=None if progress else True, leave=False) as bar:
        for start in range(0, len(texts), chunk):
            some = [texts[i] for i in order[start: start + chunk]]
            found.append(model.encode(some, batch_size=batch_size, show_progress_bar=False, convert_to_numpy=True).astype(np.float32, copy=False))
            bar.update(len(some))
    if not found:
        return model.encode([], show_progress_bar=False, convert_to_numpy=True)
    vectors = np.empty((len(texts), found[0].shape[1]), np.float32)
    vectors[order] = np.concatenate(found)
    return vectors


def _fingerprint(model, texts) -> str:
    """Of the weights, the settings and the texts."""
    found = hashlib.sha256(f"{getattr(model, 'max_seq_length', None)} {getattr(model, 'truncate_dim', None)} {model}".encode())
    for name, value in model.state_dict().items():
        found.update(name.encode())
        found.update(np.ascontiguousarray(value.detach().cpu().float().numpy()))
    for text in texts:
        found.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return found.hexdigest()[:32]


def _read(folder: Path):
    import torch
    from sentence_transformers import SentenceTransformer

    if not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} 은(는) 문장 임베딩 모델의 폴더가 아닙니다.\n  원인: modules.json이 없습니다.\n"
                         "  해결: 폴더 이름을 확인하고, 맞다면 모델을 다시 받으세요.")
    try:
        with quiet_loading():
            return SentenceTransformer(str(folder), model_kwargs={"dtype": torch.float32}, local_files_only=True)
    except Exception as error:  # every library below has its own kinds for a damaged file
        raise ModelError(f"모델 {folder.name}을(를) 읽지 못했습니다.\n  원인: {error}\n  해결: {folder} 폴더를 지우고 다시 받으세요.") from error


class _Unreachable(Exception):
    """The hub did not give the files; ``way_out`` says what helps."""

    def __init__(self, cause: str, way_out: str):
        super().__init__(cause)
        self.way_out = way_out


_OTHERS = ["*.h5", "*.msgpack", "*.ot", "*.onnx", "onnx/*", "openvino/*", "flax*", "tf*", "rust*"]  # weights for other libraries


def _cached(name: str, **where) -> Path:
    """Where a hub model lies that was fetched before; without network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, ignore_patterns=_OTHERS, local_files_only=True, **where))
    except (LocalEntryNotFoundError, HFValidationError, OSError) as error:
        raise ModelError(f"모델 {name}은(는) 아직 받지 않았습니다.") from error


def _download(name: str, **where) -> Path:
    """Fetch the files of a hub model to the hub's own cache; what an interrupted call fetched is not fetched again."""
    import errno

    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, ignore_patterns=_OTHERS, etag_timeout=5, **where))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelError(f"모델 {name}을(를) 찾지 못했습니다.\n  원인: 그런 이름의 폴더도, 허깅페이스 허브의 공개 모델도 없습니다.\n"
                         "  해결: 이름의 철자를 확인하세요. 예: jhgan/ko-sroberta-multitask") from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        status = _status(error)
        if status == 429:
            raise _Unreachable("허브가 이 주소의 요청을 잠시 막았습니다(429). 한 교실이 같은 주소로 한꺼번에 받을 때 생깁니다.",
                               "몇 분 뒤에 다시 실행하거나, 한 사람이 받은 모델 폴더를 나누어 load(폴더)로 읽으세요.") from error
        if status:
            raise _Unreachable(f"허브가 {status} 오류로 답했습니다.", "몇 분 뒤에 다시 실행하세요.") from error
        raise _Unreachable("허브에 연결할 수 없습니다(네트워크 없음).",
                           "인터넷에 연결한 뒤 다시 실행하거나, 받은 모델 폴더를 load(폴더)로 읽으세요.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC):
            raise _Unreachable(f"디스크에 자리가 없습니다({error.strerror}).",
                               "자리를 비우거나 HF_HOME에 다른 폴더를 적고 다시 실행하세요.") from error
        raise _Unreachable(f"받는 도중에 연결이 끊겼습니다({error}).", "다시 실행하면 받던 곳부터 이어집니다.") from error
    except Exception as error:  # httpx raises its own kinds for time-outs and broken connections
        raise _Unreachable(f"받는 도중에 연결이 끊겼습니다({type(error).__name__}: {error}).", "다시 실행하면 받던 곳부터 이어집니다.") from error


def _status(error) -> int | None:
    """The hub's HTTP status, which the library hides behind "not found on this disk either"."""
    while error is not None:
        if (status := getattr(getattr(error, "response", None), "status_code", None)) is not None:
            return status
        error = error.__cause__ or error.__context__
    return None
