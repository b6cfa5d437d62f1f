"""Sentence encoders: from parts, from a hub that fails in every way, and embeddings kept on disk."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch

from lab_utils import masked_language_model as mlm
from lab_utils import sbert

TEXTS = ["고양이가 집에서 잔다", "강아지가 들에서 뛰며 논다", "비", "", "토끼와 사자가 강가에서 만났다"]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    recipe = mlm.Recipe(vocabulary=120, width=32, layers=2, heads=2, positions=32)
    torch.manual_seed(0)
    mlm.save_pretrained(mlm.build_model(recipe).eval(), mlm.train_wordpiece(TEXTS * 5, 120), folder)
    return folder


@pytest.fixture(scope="module")
def saved(encoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sentence model")
    sbert.build(encoder).save(str(folder))
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(sbert, "cache_folder", lambda: tmp_path)


# ── from parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mean_pooling_is_the_mean_of_the_token_vectors(encoder):
    model, tokenizer = mlm.load_pretrained(encoder)
    texts = [text for text in TEXTS if text]
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model.bert(**batch).last_hidden_state
    mask = batch["attention_mask"][:, :, None]
    expected = (hidden * mask).sum(1) / mask.sum(1)
    assert np.allclose(sbert.build(encoder).encode(texts), expected.numpy(), atol=1e-5)
    assert np.allclose(sbert.build(encoder, "cls").encode(texts), hidden[:, 0].numpy(), atol=1e-5)


def test_what_is_longer_than_max_length_is_not_seen(encoder):
    short, long = sbert.build(encoder, max_length=8), sbert.build(encoder, max_length=32)
    one, other = "고양이 " * 10, "고양이 " * 10 + "사자"
    assert np.allclose(*short.encode([one, other]))
    assert not np.allclose(*long.encode([one, other]), atol=1e-4)


def test_a_saved_model_is_read_back_exactly(encoder, saved):
    assert np.array_equal(sbert.build(encoder).encode(TEXTS), sbert.load(saved).encode(TEXTS))
    assert next(sbert.load(saved).parameters()).dtype == torch.float32


@pytest.mark.parametrize("name", ["config.json", "modules.json", "model.safetensors", "nothing"])
def test_a_damaged_folder_is_named(saved, tmp_path, name):
    import shutil

    folder = tmp_path / "broken"
    shutil.copytree(saved, folder)
    if name == "modules.json":
        (folder / name).unlink()
    elif name == "nothing":
        shutil.rmtree(folder)
        folder.mkdir()
    else:
        (folder / name).write_bytes((folder / name).read_bytes()[:40])
    with pytest.raises(sbert.ModelError, match="원인:.*\n.*해결:") as caught:
        sbert.load(folder)
    assert "broken" in str(caught.value)


def test_a_folder_without_an_encoder_is_refused(tmp_path):
    with pytest.raises(sbert.ModelError, match="config.json"):
        sbert.build(tmp_path)


# ── embeddings on disk ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_texts_are_encoded_once(encoder, monkeypatch):
    model = sbert.build(encoder)
    first = sbert.encode(model, TEXTS, progress=False)
    assert first.dtype == np.float32 and first.shape == (len(TEXTS), 32)
    monkeypatch.setattr(model, "encode", lambda *_, **__: pytest.fail("encoded again"))
    assert np.array_equal(sbert.encode(model, tuple(TEXTS), progress=False), first)
    with pytest.raises(pytest.fail.Exception):
        sbert.encode(model, [*TEXTS[:-1], "다른 글"], progress=False)


def test_other_weights_or_another_length_are_encoded_anew(encoder, tmp_path):
    model = sbert.build(encoder)
    first = sbert.encode(model, TEXTS, progress=False)
    model.max_seq_length = 4
    assert not np.array_equal(sbert.encode(model, TEXTS, progress=False), first)
    model.max_seq_length = 128
    with torch.no_grad():
        next(iter(model.parameters())).mul_(1.5)
    assert not np.array_equal(sbert.encode(model, TEXTS, progress=False), first)
    assert len(list((tmp_path / "embeddings").iterdir())) == 3


def test_a_damaged_cache_file_costs_only_time(encoder, tmp_path):
    model = sbert.build(encoder)
    first = sbert.encode(model, TEXTS, progress=False)
    path = next((tmp_path / "embeddings").iterdir())
    path.write_bytes(path.read_bytes()[:50])
    assert np.array_equal(sbert.encode(model, TEXTS, progress=False), first)
    assert np.array_equal(np.load(path), first)


def test_a_full_disk_costs_only_the_speed_up(encoder, monkeypatch, capsys):
    import errno

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    model = sbert.build(encoder)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        vectors = sbert.encode(model, TEXTS, progress=False)
    assert vectors.shape == (len(TEXTS), 32) and "디스크" in capsys.readouterr().out


@pytest.mark.parametrize(("texts", "hint"), [("글 하나", "대괄호"), (["글", float("nan")], "dropna"), (["글", None], "dropna")])
def test_what_is_no_list_of_texts_is_explained(encoder, texts, hint):
    with pytest.raises(TypeError, match=hint):
        sbert.encode(sbert.build(encoder), texts)


# ── the hub ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Hub(ThreadingHTTPServer):
    """As much of the hub as `snapshot_download` asks for, from a folder; or a status for everything."""

    def __init__(self, folder=None, status=200):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.status, self.asked = folder, status, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    COMMIT = "a" * 40

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET(body=False)

    def do_GET(self, body=True):
        self.server.asked.append(self.path)
        content, headers = b"{}", {}
        status = self.server.status
        if status == 404:
            headers["X-Error-Code"] = "RepoNotFound"
        elif status == 200 and "/api/models/" in self.path:
            files = [{"type": "file", "path": p.relative_to(self.server.folder).as_posix(), "size": p.stat().st_size, "oid": "b" * 40}
                     for p in sorted(self.server.folder.rglob("*")) if p.is_file()]
            content = json.dumps(files if "/tree/" in self.path else {
                "id": "lab/model", "sha": self.COMMIT, "siblings": [{"rfilename": file["path"]} for file in files]}).encode()
            headers["Content-Type"] = "application/json"
        elif status == 200:
            file = self.server.folder / self.path.split("?")[0].split(f"{self.COMMIT}/")[-1].split("main/")[-1]
            content = file.read_bytes()
            headers |= {"ETag": f'"{"c" * 32}{file.stat().st_size:08d}"', "X-Repo-Commit": self.COMMIT}
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)


@pytest.fixture
def hub_at(saved, tmp_path, monkeypatch):
    """Let the package ask another hub, keep what it fetches in an empty folder, and ship the tiny model."""
    from functools import partial

    download, cached = sbert._download, sbert._cached

    def at(address):
        monkeypatch.setattr(sbert, "_download", partial(download, endpoint=address, cache_dir=tmp_path / "hub"))
        monkeypatch.setattr(sbert, "_cached", partial(cached, cache_dir=tmp_path / "hub"))
        monkeypatch.setattr(sbert, "SHIPPED", saved)

    return at


@pytest.mark.parametrize(("status", "said"), [(429, "429"), (500, "500"), (None, "연결할 수 없습니다")])
def test_where_the_hub_fails_the_shipped_model_steps_in_and_says_so(hub_at, capsys, status, said):
    hub_at(Hub(status=status).address if status else "http://127.0.0.1:9")
    assert sbert.load("lab/model").encode(["고양이"]).shape == (1, 32)
    out = capsys.readouterr().out
    assert "⚠ 모델 lab/model을(를) 받지 못해" in out and said in out and "해결:" in out
    with pytest.raises(sbert.ModelError, match=said):
        sbert.load("lab/model", fall_back=False)


@pytest.mark.parametrize("name", ["lab/none", "이름에 빈칸", "a/b/c"])
def test_a_name_that_nobody_has_is_no_reason_to_fall_back(hub_at, name):
    hub_at(Hub(status=404).address)
    with pytest.raises(sbert.ModelError, match="철자"):
        sbert.load(name)


def test_a_model_of_the_hub_is_fetched_once(saved, hub_at):
    hub = Hub(saved)
    hub_at(hub.address)
    assert np.array_equal(sbert.load("lab/model").encode(TEXTS), sbert.load(saved).encode(TEXTS))
    asked = len(hub.asked)
    assert asked
    sbert.load("lab/model")
    assert len(hub.asked) == asked, "the second time without network"


def test_a_hub_that_goes_away_half_way_leaves_no_half_model(saved, hub_at, monkeypatch, capsys):
    hub = Hub(saved)
    hub_at(hub.address)
    whole = Handler.do_GET

    def cut(self, body=True):
        if self.path.endswith("model.safetensors") and body:
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            whole(self, body)

    with monkeypatch.context() as patch:
        patch.setattr(Handler, "do_GET", cut)
        assert sbert.load("lab/model").encode(["비"]).shape == (1, 32)
    assert "받지 못해" in capsys.readouterr().out
    assert np.array_equal(sbert.load("lab/model", fall_back=False).encode(TEXTS), sbert.load(saved).encode(TEXTS))
