# %% [markdown]
# # 08 · Sentence-BERT: 문장과 문서의 임베딩
#
# > *English summary. One vector for a whole text. We pool the token vectors of a small Korean BERT by hand, measure why the raw average disappoints, and
# > work through the siamese network with its three objectives. Then a real task: read patents.xlsx, find similar documents, and let keyword search and
# > embedding search answer the same held-out queries, with intervals, their mixture, their failures, long documents and shortened vectors.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 토큰 벡터를 문장 벡터로 모으는 풀링(pooling)을 직접 쓰고, 원래의 BERT를 평균한 벡터가 왜 실망스러운지 재어서 설명합니다.
# - 샴 신경망(siamese network)과 세 가지 목적 함수(분류, 회귀, 삼중항)를 손으로 계산하고 라이브러리와 맞춰 봅니다.
# - 엑셀 파일의 문서를 임베딩하여 비슷한 문서를 찾고, 파일이 잘못되었을 때 까닭을 알아냅니다.
# - 키워드 검색과 임베딩 검색을 같은 질의로 비교하고, nDCG, MRR, 재현율을 구간과 함께 읽습니다.
# - 긴 문서에서 모델이 보지 못하는 부분을 재고, 창(window)으로 나누어 고칩니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 150분쯤 걸립니다.
#
# **앞선 내용.** [07 문맥 임베딩](07_contextual_embeddings.ipynb)의 BERT와 토큰 벡터, [05 의미의 기하](05_geometry.ipynb)의 코사인, BM25, 등방성, [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 구간.

# %% tags=["imports"]
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from sklearn.metrics.pairwise import cosine_distances

from lab_utils import by_profile, check, compare, predict, quiz, show, summary
from lab_utils import datasets, evaluation, geometry, masked_language_model, plots, projection, retrieval, sentence_encoder, similarity
from lab_utils import sbert as sentence_bert

# %% [markdown]
# ## 1. 글 하나에 벡터 하나
#
# 07강의 BERT는 토큰마다 벡터를 하나씩 냅니다. 그런데 비슷한 문서를 찾거나, 같은 질문을 한데 모으거나, 뜻으로 검색하려면 **글 하나에 벡터 하나**가 필요합니다. 이미지나 글의 내용을 요약한
# 지문(fingerprint)이라고 생각해도 좋습니다. 지문만 견주면 두 글을 다시 읽지 않고도 닮은 정도를 압니다.
#
# 두 글이 닮았는지를 Transformer에게 묻는 방법은 두 가지입니다.
#
# - **크로스 인코더**(cross-encoder): 두 글을 이어 붙여 `[CLS] 글 1 [SEP] 글 2 [SEP]`로 **함께** 읽고 점수 하나를 냅니다. 두 글의 토큰이 서로를 볼 수 있어 정확하지만, 쌍마다 다시 읽어야 합니다.
# - **바이 인코더**(bi-encoder): 글마다 **따로** 한 번 읽어 벡터로 바꾸어 두고, 비교는 코사인으로 합니다.
#
# > **예측해 보세요.** 문장 1만 개 가운데 가장 닮은 두 문장을 찾습니다. 크로스 인코더는 바이 인코더보다 모델을 몇 배 불러야 할까요?

# %%
predict("08-two-ways", choices=["2배쯤", "100배쯤", "5,000배쯤", "1억 배쯤"], mine=None)

# %%
n = 10_000
together, apart = n * (n - 1) // 2, n
ratio = together / apart
compare("08-two-ways", 1 if ratio < 20 else 2 if ratio < 1000 else 3 if ratio < 1e6 else 4)
print(f"글 {n:,}편: 크로스 인코더 {together:,}번, 바이 인코더 {apart:,}번 → {ratio:,.0f}배")

sizes = np.array([10, 100, 1000, 10_000, 100_000])
fig, axis = plt.subplots(figsize=(6.5, 3.4))
axis.plot(sizes, sizes * (sizes - 1) / 2, "o-", label="크로스 인코더: 쌍마다 한 번")
axis.plot(sizes, sizes, "s--", label="바이 인코더: 글마다 한 번")
axis.set(xscale="log", yscale="log", xlabel="글의 수 (로그)", ylabel="모델을 부르는 횟수 (로그)")
axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
axis.set_yticks([10.0**power for power in (1, 3, 5, 7, 9)], ["10", "1천", "10만", "1천만", "10억"])
axis.minorticks_off()
axis.legend()
show(fig, alt=f"글의 수에 따라 모델을 부르는 횟수를 두 로그 축에 그린 그림. 크로스 인코더는 기울기가 2인 직선으로 올라 글 10만 편에서 {sizes[-1] * (sizes[-1] - 1) / 2:,.0f}번, 바이 인코더는 기울기가 1인 직선으로 {sizes[-1]:,}번이다.")

# %%
import torch

bert, tokenizer = masked_language_model.load_pretrained(datasets.data_folder() / "models" / "korean-bert")
pairs = datasets.load("sentence-pairs")


def token_vectors(texts, others=None):
    """토큰 벡터 (B, L, d)와 마스크 (B, L). 마스크는 진짜 토큰이 1, 길이를 맞추려고 채운 [PAD]가 0입니다."""
    batch = tokenizer(list(texts), None if others is None else list(others), padding=True, truncation=True, max_length=128, return_tensors="pt")
    with torch.no_grad():
        hidden = bert.bert(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    return hidden, batch["attention_mask"]


def seconds_for(*columns):
    token_vectors(*columns)                                                    # 첫 번째는 준비하느라 느립니다
    start = time.perf_counter()
    token_vectors(*columns)
    return (time.perf_counter() - start) / len(columns[0])


per_pair, per_sentence = seconds_for(pairs.sentence1[:64], pairs.sentence2[:64]), seconds_for(pairs.sentence1[:64])
print(f"이 컴퓨터의 작은 BERT로 어림하면: 크로스 인코더 {together * per_pair / 3600:,.0f}시간, 바이 인코더 {apart * per_sentence:,.0f}초 (짧은 문장 64개로 재어 늘린 값)")

# %% [markdown]
# Sentence-BERT 논문(Reimers & Gurevych, 2019)이 내세운 까닭이 바로 이것입니다. 논문은 문장 1만 개에서 가장 닮은 쌍을 찾는 시간이 크로스 인코더로 65시간, 바이 인코더로 5초쯤이라고 했습니다. 쌍의 수는 글의 수의 제곱으로 늘지만 벡터의 수는 글의 수만큼만 늡니다. 게다가 벡터는 한 번 만들어 저장해 두면 됩니다.
# 이 강의는 바이 인코더를 다룹니다. 크로스 인코더는 바이 인코더로 고른 후보 몇십 개를 다시 줄 세우는(re-ranking) 데 씁니다.
#
# ### 무엇으로 잴까: 문장 유사도 시험(Semantic Textual Similarity, STS)
# 두 문장의 뜻이 얼마나 같은지 사람이 0(무관)에서 5(같은 뜻)까지 매긴 쌍들이 있습니다. 두 벡터의 코사인이 사람의 점수와 **같은 순서**로 쌍을 줄 세우는지를 순위 상관(Spearman의 ρ)으로 잽니다. 한국어에는
# KorSTS(Ham 외, 2020)가 있습니다. 여기서는 이 과정을 위해 새로 지은 120쌍을 쓰고, KorSTS는 자료가 있으면 함께 잽니다.

# %%
korsts = datasets.load("korsts", split="test").sample(by_profile(smoke=150, laptop=500, gpu=1379), random_state=0) if datasets.available("korsts") else None
print(f"문장 쌍 {len(pairs)}개" + ("" if korsts is None else f", KorSTS 시험 자료에서 고른 {len(korsts):,}쌍"))
pairs.groupby("score").first().iloc[::-1]

# %% [markdown]
# ## 2. 토큰 벡터를 하나로: 풀링
#
# 토큰 벡터 여럿을 벡터 하나로 모으는 일을 풀링이라고 합니다. 흔히 쓰는 것은 셋입니다.
#
# - **[CLS]**: 맨 앞 토큰의 벡터만 씁니다.
# - **평균 풀링**(mean pooling): 모든 토큰 벡터의 평균.
# - **최대 풀링**(max pooling): 칸(차원)마다 가장 큰 값.
#
# 여러 문장을 한꺼번에 계산하려면 짧은 문장의 뒤를 `[PAD]`로 채워 길이를 맞춥니다. `[PAD]`도 벡터를 내므로, 마스크를 곱해 **세지 않아야** 합니다.

# %%
def mean_pooling(hidden, mask):
    """토큰 벡터 (B, L, d)의 평균 (B, d). [PAD]는 더하지도 세지도 않습니다."""
    weight = mask.unsqueeze(2).to(hidden.dtype)                                # (B, L, 1)
    return (hidden * weight).sum(dim=1) / weight.sum(dim=1)


texts = pairs.sentence1[:16].tolist() + [pairs.sentence1[0] + " 그리고 이 문장은 다른 문장들보다 훨씬 더 깁니다." * 3]
hidden, mask = token_vectors(texts)
by_hand = mean_pooling(hidden, mask).numpy()
library = sentence_bert.build(datasets.data_folder() / "models" / "korean-bert", pooling="mean")   # sentence-transformers: Transformer + Pooling
assert np.allclose(by_hand, library.encode(texts), atol=1e-4)
alone = mean_pooling(*token_vectors(texts[:1])).numpy()[0]
careless = hidden.mean(dim=1).numpy()[0]                                       # 마스크를 잊은 평균
print("토큰 벡터", tuple(hidden.shape), "→ 문장 벡터", by_hand.shape, "· 라이브러리와 같습니다.")
print(f"첫 문장의 토큰은 {int(mask[0].sum())}개, 채운 것은 {int((1 - mask[0]).sum())}개입니다. 혼자 계산했을 때와의 코사인: "
      f"마스크를 쓰면 {similarity.cosine(alone, by_hand[0]):.4f}, 잊으면 {similarity.cosine(alone, careless):.4f}")

# %% [markdown]
# 마스크를 쓰면 옆에 어떤 문장이 있든 같은 벡터가 나옵니다. 마스크를 잊으면 **같은 문장인데도** 함께 넣은 문장의 길이에 따라 벡터가 달라집니다. 오류도 나지 않으므로 알아채기 어려운 잘못입니다.

# %% [markdown]
# ### ✏️ 연습 8-1 (3점): 최대 풀링
# 토큰 벡터 `hidden`(numpy 배열, B×L×d)과 마스크 `mask`(B×L, 1은 진짜 토큰, 0은 `[PAD]`)를 받아 최대 풀링한 문장 벡터(B×d)를 돌려주는 `max_pooling`을 완성하세요. 칸마다 **진짜 토큰** 가운데 가장 큰 값입니다.
# 모든 값이 음수여도 맞아야 합니다.
#
# <details><summary>힌트 1</summary> <code>[PAD]</code>의 값을 0으로 바꾸면, 진짜 값이 모두 음수인 칸에서 0이 이깁니다. </details>
# <details><summary>힌트 2</summary> <code>[PAD]</code> 자리에는 어떤 값과 견주어도 지는 수를 넣습니다: <code>np.where(조건, hidden, -np.inf)</code>. 조건의 모양은 (B, L, 1)이어야 합니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-max-pooling", "grade": false, "solution": true, "locked": false, "task": false}
def max_pooling(hidden, mask):
    ### BEGIN SOLUTION
    real = np.asarray(mask, dtype=bool)[:, :, None]
    return np.where(real, hidden, -np.inf).max(axis=1)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-max-pooling-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("08-max-pooling", points=3, hint="[PAD] 자리를 -np.inf로 바꾼 뒤 토큰 축(axis=1)에서 가장 큰 값을 고릅니다."):
    small_hidden = np.array([[[1.0, -3.0], [2.0, -1.0], [9.0, 9.0]], [[-5.0, 4.0], [-6.0, 0.0], [-7.0, 2.0]]])
    small_mask = np.array([[1, 1, 0], [1, 1, 1]])
    assert np.shape(max_pooling(small_hidden, small_mask)) == (2, 2), "모양은 (문장, 차원)입니다."
    assert np.allclose(max_pooling(small_hidden, small_mask), [[2, -1], [-5, 4]]), "[PAD]의 값이 섞이지 않았나요?"
    with_pad = np.concatenate([small_hidden, np.full((2, 1, 2), 50.0)], axis=1), np.concatenate([small_mask, [[0], [0]]], axis=1)
    assert np.allclose(max_pooling(*with_pad), [[2, -1], [-5, 4]]), "[PAD]를 더 붙여도 값이 같아야 합니다."

# %% [markdown]
# ### 원래의 BERT를 모으면
# 마스크 언어 모델로만 배운 BERT에서 문장 벡터를 얻어 시험해 봅시다. 비교할 상대는 다음과 같습니다.
#
# - **글자 TF-IDF**: 한두 글자짜리 조각의 TF-IDF. 뜻을 전혀 모르는 방법입니다.
# - **입력 임베딩의 평균**: BERT의 맨 아래 임베딩 표에서 꺼낸 벡터의 평균. 문맥을 보지 않는 **정적 벡터**(static vector)입니다.
# - **[CLS]**, **최대**, **평균**: 마지막 층의 토큰 벡터를 모은 것입니다.
#
# > **예측해 보세요.** 사람의 판단과 가장 잘 맞는 것은?

# %%
predict("08-raw-bert", choices=["글자 TF-IDF", "입력 임베딩의 평균", "[CLS]", "최대 풀링", "평균 풀링"], mine=None)

# %%
from sklearn.feature_extraction.text import TfidfVectorizer

poolings = {name: sentence_bert.build(datasets.data_folder() / "models" / "korean-bert", pooling=name) for name in ("cls", "max", "mean")}
embedding_table = bert.get_input_embeddings().weight.detach().numpy()


def static_vectors(texts):
    return np.array([embedding_table[ids].mean(axis=0) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]])


def pair_cosines(first, second):
    a, b = similarity.unit_rows(first), similarity.unit_rows(second)
    return np.asarray((a.multiply(b) if hasattr(a, "multiply") else a * b).sum(axis=1)).ravel()


def cosines_of_all(frame):
    """방법 → 쌍마다의 코사인. 낱말의 idf는 그 쌍들의 문장에서 셉니다."""
    sides = [frame.sentence1.tolist(), frame.sentence2.tolist()]
    tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit(sides[0] + sides[1])
    found = {"글자 TF-IDF": pair_cosines(*map(tfidf.transform, sides)), "입력 임베딩의 평균": pair_cosines(*map(static_vectors, sides))}
    for key, name in (("cls", "[CLS]"), ("max", "최대 풀링"), ("mean", "평균 풀링")):
        found[name] = pair_cosines(*(sentence_bert.encode(poolings[key], side) for side in sides))
    return found


def score_table(found, scores, baseline="글자 TF-IDF"):
    """방법마다 순위 상관 × 100과 95% 구간, 기준과의 차이와 그 구간(같은 쌍을 함께 다시 뽑습니다)."""
    def gain(a, b, c):
        return 100 * (evaluation.spearman(a, c) - evaluation.spearman(b, c))

    rows = []
    for name, cosines in found.items():
        low, high = evaluation.bootstrap_interval(evaluation.spearman, cosines, scores)
        row = {"방법": name, "ρ × 100": f"{100 * evaluation.spearman(cosines, scores):.1f} [{100 * low:.1f}, {100 * high:.1f}]"}
        if name != baseline:
            low, high = evaluation.bootstrap_interval(gain, cosines, found[baseline], scores)
            row[f"{baseline}와의 차이"] = f"{gain(cosines, found[baseline], scores):+.1f} [{low:+.1f}, {high:+.1f}]"
        rows.append(row)
    return pd.DataFrame(rows).set_index("방법").fillna("")


raw = cosines_of_all(pairs)
best_raw = max(raw, key=lambda name: evaluation.spearman(raw[name], pairs.score))
compare("08-raw-bert", best_raw)
print(f"문장 쌍 {len(pairs)}개")
score_table(raw, pairs.score.to_numpy())

# %%
if korsts is not None:
    raw_korsts = cosines_of_all(korsts)
    print(f"KorSTS 시험 자료 가운데 {len(korsts)}쌍 (지금 계산)")
    korsts_shown = score_table(raw_korsts, korsts.score.to_numpy())
else:
    korsts_shown = None
    print("KorSTS가 없습니다. LAB_DATA_DIR에 자료 폴더를 적으면 이 셀이 KorSTS에서도 잽니다.")
korsts_shown

# %% [markdown]
# 120쌍으로는 구간이 넓어서 방법의 우열을 가리기 어렵습니다. 예측과 견준 것은 점수가 가장 높은 방법일 뿐입니다. 그래서 KorSTS 시험 자료 1,379쌍 전체로 미리 재어 둔 표가 있으면 함께 봅니다.

# %%
results = datasets.data_folder() / "results"
sts_file = results / "lesson08_sts.csv"
sts = pd.read_csv(sts_file) if sts_file.exists() else None
if sts is not None:
    print("잰 명령:", sts["command"].iloc[0], "· 쌍", sts["쌍"].iloc[0])
    fig, axis = plt.subplots(figsize=(7.5, 0.42 * len(sts) + 1.2))
    places = np.arange(len(sts))[::-1]
    axis.errorbar(sts.rho, places, xerr=[sts.rho - sts["아래"], sts["위"] - sts.rho], fmt="o", capsize=3)
    axis.set_yticks(places, sts["방법"])
    axis.set(xlabel="사람의 점수와의 순위 상관 ρ × 100 (막대: 95% 구간)", title="KorSTS 시험 자료")
    show(fig, alt="KorSTS에서 방법마다 순위 상관과 95% 구간을 나타낸 점 그림. " + "; ".join(f"{row['방법']}: {row['rho']:.1f}" for _, row in sts.iterrows()) + ".")
    for _, row in sts.dropna(subset=["차이"]).iterrows():
        verdict = "높습니다" if row["차이 아래"] > 0 else "낮습니다" if row["차이 위"] < 0 else "다르다고 말할 수 없습니다"
        print(f"{row['방법']}: 글자 TF-IDF와의 차이 {row['차이']:+.1f} [{row['차이 아래']:+.1f}, {row['차이 위']:+.1f}] → {verdict}")
else:
    print("KorSTS 1,379쌍을 잰 표 data/results/lesson08_sts.csv가 아직 없습니다. 만드는 명령: python -m instructor.results 08")

# %% [markdown]
# 수십만 건의 글을 읽은 신경망이라면 글자 조각만 세는 방법쯤은 크게 앞설 것 같습니다. 정말 그런지는 위의 "차이"와 그 구간이 말해 줍니다. 영어의 큰 BERT도 기대에 못 미쳤습니다. Sentence-BERT 논문의 표에서 일곱 시험의 평균은 문맥을
# 보지 않는 GloVe 벡터의 평균이 61.3, BERT의 평균 풀링이 54.8, [CLS]가 29.2였습니다.
#
# 실망스러운 까닭으로는 둘을 꼽습니다. 첫째, **아무도 가르치지 않았습니다.** 마스크 언어 모델의 목적은 가린 토큰을 맞히는 것입니다. 문장 둘의 평균 벡터가 뜻에 따라 가까워지라고 한 적이 없습니다. 특히 `[CLS]`는 가려지지도 맞히지도
# 않으므로, 이 모델에서는 무엇을 담으라고 배운 적이 없는 자리입니다. 둘째, **모든 벡터가 한쪽을 향합니다**(05강의 비등방성, anisotropy). 코사인이 어디에 몰려 있는지, 이것이 정말 까닭인지 봅시다.

# %%
encyclopedia = datasets.load("encyclopedia")
everyday = encyclopedia.sentence.sample(by_profile(smoke=200, laptop=500, gpu=3000), random_state=0).tolist()
centre = sentence_bert.encode(poolings["mean"], everyday).mean(axis=0)
sides = [sentence_bert.encode(poolings["mean"], side) for side in (pairs.sentence1, pairs.sentence2)]
centred = pair_cosines(*(side - centre for side in sides))
grades = sorted(pairs.score.unique())
mean_cosine = geometry.mean_cosine(np.concatenate(sides))

fig, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
jitter = np.random.default_rng(0).uniform(-0.25, 0.25, len(pairs))
for axis, (name, cosines) in zip(axes, {"BERT 평균 풀링": raw["평균 풀링"], "글자 TF-IDF": raw["글자 TF-IDF"]}.items()):
    axis.plot(pairs.score + jitter, cosines, ".", alpha=0.5)
    axis.plot(grades, [np.median(cosines[pairs.score == grade]) for grade in grades], "o-", color="#D55E00", label="중앙값")
    axis.set(title=name, xlabel="사람의 점수 (점은 옆으로 흩뜨림)")
axes[0].set(ylabel="두 문장의 코사인", ylim=(-0.15, 1.05))
axes[1].legend()
unrelated, same = raw["평균 풀링"][pairs.score == 0], raw["평균 풀링"][pairs.score == 5]
show(fig, alt=f"사람의 점수에 따른 코사인을 두 방법에서 그린 산점도. BERT 평균 풀링에서는 무관한 쌍(0점)의 중앙값이 {np.median(unrelated):.2f}, 같은 뜻인 쌍(5점)이 {np.median(same):.2f}이다. "
              f"글자 TF-IDF에서는 {np.median(raw['글자 TF-IDF'][pairs.score == 0]):.2f}와 {np.median(raw['글자 TF-IDF'][pairs.score == 5]):.2f}이다.")
before, after = evaluation.spearman(raw["평균 풀링"], pairs.score), evaluation.spearman(centred, pairs.score)
low, high = evaluation.bootstrap_interval(lambda a, b, s: evaluation.spearman(a, s) - evaluation.spearman(b, s), centred, raw["평균 풀링"], pairs.score)
print(f"아무 두 문장의 코사인: 평균 {mean_cosine:.2f} (등방이면 0)")
print(f"전체의 평균을 빼면: ρ × 100이 {100 * before:.1f} → {100 * after:.1f}, 차이 {100 * (after - before):+.1f} [{100 * low:+.1f}, {100 * high:+.1f}] → "
      + ("오릅니다" if low > 0 else "떨어집니다" if high < 0 else "달라진다고 말할 수 없습니다"))

# %% [markdown]
# 왼쪽 그림에서 무관한 쌍의 코사인도 0에서 멉니다. 모든 문장에 공통인 방향이 있어서 그렇습니다. 그 방향, 곧 전체의 평균을 빼는 것만으로 얼마나 달라지는지가 마지막 줄입니다(평균은 시험 문장이 아니라 백과사전의 문장에서 구했습니다).
# 평균을 빼도 오르지 않는다면 이 모델에서는 둘째 까닭, 적어도 공통 방향 하나만으로는 낮은 점수를 설명할 수 없습니다.
#
# *왜 틀릴 수 있을까요?*
# - 코사인이 한쪽에 몰려 있다는 것과 **순서**가 틀렸다는 것은 다릅니다. 순위 상관은 순서만 봅니다. 몰려 있어도 순서가 맞으면 점수가 높습니다. 그래서 평균을 빼도 크게 나아지지 않을 수 있습니다.
# - 120쌍의 점수는 한 사람이 매겼고, 겹치는 낱말이 많은 쌍과 없는 쌍을 점수마다 반씩 넣었습니다. 글자 TF-IDF에 일부러 불리하게 만든 셈입니다. KorSTS의 쌍은 그렇지 않으니 두 결과를 함께 보세요.
# - 이 BERT는 작고, 주로 영화 리뷰에서 배웠습니다. 더 큰 BERT의 평균은 더 나을 수 있습니다. 같은 크기의 모델을 다음 절의 방법으로 가르치면 얼마나 달라지는지는 4절의 표에서 봅니다.

# %% [markdown]
# ## 3. 샴 신경망과 세 가지 목적
#
# Sentence-BERT의 생각은 간단합니다. **쓸 방식 그대로 가르치자.** 두 문장을 **같은** BERT에 넣고, 풀링한 두 벡터 $u$, $v$가 뜻에 맞게 놓이도록 가중치를 고칩니다. 가중치를 함께 쓰는 두 갈래가 샴쌍둥이 같다고 하여
# 샴 신경망이라고 합니다. 모델이 둘인 것이 아니라 **하나를 두 번** 부르는 것입니다.
#
# ```
# 문장 1 → BERT → 평균 풀링 → u ┐
#            ‖ 같은 가중치         ├→ 목적 함수 → 기울기가 두 갈래로 흘러 같은 가중치를 고칩니다
# 문장 2 → BERT → 평균 풀링 → v ┘
# ```
#
# 목적 함수는 **가진 자료가 무엇이냐**에 따라 고릅니다.
#
# | 자료 | 목적 | 손실 |
# |---|---|---|
# | 쌍과 레이블(label: 함의, 중립, 모순) | **분류**(classification) | $-\log \mathrm{softmax}\big(W [u;\, v;\, \lvert u - v \rvert]\big)_{\text{정답}}$ |
# | 쌍과 점수(0~5) | **회귀**(regression) | $\big(\cos(u, v) - \text{점수}\big)^2$, 점수는 0~1로 바꾼 것 |
# | 기준 $a$, 긍정 $p$, 부정 $n$ | **삼중항**(triplet) | $\max\big(d(a, p) - d(a, n) + m,\ 0\big)$ |
#
# - 분류의 $W$는 가르칠 때만 쓰고 버립니다. $\lvert u - v \rvert$는 칸마다의 차이의 절댓값입니다. 이것이 없으면 두 벡터가 **어떻게 다른지**를 $W$가 보기 어렵습니다.
# - 삼중항의 $p$는 $a$와 같은 내용의 글, $n$은 다른 내용의 글입니다. $n$이 $p$보다 마진(margin) $m$만큼 더 멀어지면 손실이 0이 되어 더 배울 것이 없습니다. 어떤 $n$을 고르느냐가 중요한데, 그것은 09강에서 다룹니다.
#
# 2차원에서 손으로 계산해 봅시다.

# %%
u, v, far = np.array([1.0, 0.0]), np.array([0.6, 0.8]), np.array([0.0, 1.0])
features = np.concatenate([u, v, np.abs(u - v)])                               # (6,)
W_toy = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0], [-2, 0, 2], [-1, 0, 1]], dtype=float)   # (6, 3): 함의, 중립, 모순
scores = features @ W_toy
probabilities = np.exp(scores) / np.exp(scores).sum()
cosine_uv = u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
d_positive, d_negative = np.linalg.norm(u - v), np.linalg.norm(u - far)
print("분류: 특징", features.round(2).tolist(), "→ 점수", scores.round(2).tolist(), "→ 확률", probabilities.round(3).tolist(),
      f"→ 정답이 함의라면 손실 {-np.log(probabilities[0]):.3f}")
print(f"회귀: 코사인 {cosine_uv:.2f}, 사람의 점수 4.5/5 = 0.90 → 손실 {(cosine_uv - 0.9) ** 2:.3f}")
print(f"삼중항: d(a, p) = {d_positive:.3f}, d(a, n) = {d_negative:.3f}, 마진 1 → 손실 {max(d_positive - d_negative + 1, 0):.3f}")
print(f"        마진을 0.5로 줄이면 손실 {max(d_positive - d_negative + 0.5, 0):.3f}: n이 이미 그만큼 더 멉니다.")

# %% [markdown]
# ### ✏️ 연습 8-2 (3점): 분류 목적의 손실
# 문장 벡터의 행렬 `U`, `V`(각각 B×d), 가중치 `W`(3d×C), 정답 번호 `labels`(길이 B)를 받아 분류 목적의 **평균** 손실을 돌려주는 `classification_loss`를 완성하세요. 특징은 $[u;\, v;\, \lvert u - v \rvert]$의
# 순서로 이어 붙입니다. 점수가 1,000이어도 넘치지(overflow) 않아야 합니다.
#
# <details><summary>힌트 1</summary> 옆으로 이어 붙이기: <code>np.hstack([U, V, np.abs(U - V)])</code>의 모양은 (B, 3d)입니다. </details>
# <details><summary>힌트 2</summary> 손실은 행마다 log Σ exp(점수) − 정답의 점수입니다. 점수에서 행의 가장 큰 값을 먼저 빼세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-classification-loss", "grade": false, "solution": true, "locked": false, "task": false}
def classification_loss(U, V, W, labels):
    ### BEGIN SOLUTION
    logits = np.hstack([U, V, np.abs(U - V)]) @ W
    logits = logits - logits.max(axis=1, keepdims=True)
    surprise = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), labels]
    return float(surprise.mean())
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-classification-loss-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("08-classification-loss", points=3, hint="특징은 [u; v; |u − v|], 손실은 −log softmax의 정답 자리이고, 쌍에 대해 평균합니다."):
    toy_U, toy_V = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[0.6, 0.8], [0.0, 2.0]])
    toy_W = np.array([[1.0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0], [-2, 0, 2], [-1, 0, 1]])
    assert np.isclose(classification_loss(toy_U, toy_V, np.zeros((6, 3)), [0, 2]), np.log(3)), "가중치가 0이면 세 레이블의 확률이 1/3씩입니다."
    assert np.isclose(classification_loss(toy_U[:1], toy_V[:1], toy_W, [0]), np.log(1 + np.exp(0) + np.exp(1.6))), "점수는 위에서 손으로 계산한 [0, 0, 1.6]입니다."
    assert np.isclose(classification_loss(toy_V, toy_U, toy_W[[2, 3, 0, 1, 4, 5]], [0, 1]), classification_loss(toy_U, toy_V, toy_W, [0, 1]))
    assert np.isclose(classification_loss(np.full((1, 2), 1e3), np.zeros((1, 2)), np.eye(6)[:, [0, 2, 4]], [1]), 1e3 + np.log(2)), "큰 점수에서 넘치지 않게 하세요."

# %% [markdown]
# ### 라이브러리의 손실과 맞춰 보기
# 세 손실을 PyTorch로 쓰고, 진짜 문장에서 `sentence-transformers`의 `SoftmaxLoss`, `CosineSimilarityLoss`, `TripletLoss`와 같은 값이 나오는지 확인합니다.

# %%
from torch.nn import functional as F

try:
    from sentence_transformers.sentence_transformer import losses
except ImportError:                                                            # 5.4보다 앞선 판
    from sentence_transformers import losses


def regression(u, v, score):
    return F.mse_loss(F.cosine_similarity(u, v), score)


def triplet(a, p, n, margin):
    return F.relu((a - p).norm(dim=1) - (a - n).norm(dim=1) + margin).mean()


def classification(u, v, label, head):
    return F.cross_entropy(head(torch.cat([u, v, (u - v).abs()], dim=1)), label)


model = poolings["mean"].to("cpu").eval()
columns = [pairs.sentence1[:32].tolist(), pairs.sentence2[:32].tolist(), pairs.sentence2[88:120].tolist()]
prepare = model.preprocess if hasattr(model, "preprocess") else model.tokenize                       # 이름이 판마다 다릅니다
a, p, far_away = (torch.tensor(model.encode(c)) for c in columns)
label, score = torch.arange(32) % 3, torch.tensor(pairs.score[:32].to_numpy() / 5, dtype=torch.float32)
torch.manual_seed(0)
library_softmax = losses.SoftmaxLoss(model, a.shape[1], 3)


def inputs(n):
    """앞의 n열을 토큰 번호로. 모델이 그 사전에 결과를 적어 넣으므로 손실마다 새로 만듭니다."""
    return [prepare(column) for column in columns[:n]]


with torch.no_grad():
    for name, ours, theirs in (
            ("분류", classification(a, p, label, library_softmax.classifier), library_softmax(inputs(2), label)),
            ("회귀", regression(a, p, score), losses.CosineSimilarityLoss(model)(inputs(2), score)),
            ("삼중항", triplet(a, p, far_away, 5.0), losses.TripletLoss(model, triplet_margin=5.0)(inputs(3), None))):
        assert torch.allclose(ours, theirs, atol=1e-4), (name, ours, theirs)
        print(f"{name}: 우리 {ours:.5f}, 라이브러리 {theirs:.5f}")

# %% [markdown]
# 라이브러리의 `TripletLoss`는 따로 적지 않으면 유클리드 거리와 마진 5를 씁니다. 길이가 1인 벡터끼리는 거리가 2를 넘을 수 없으므로 마진 5는 **결코 만족할 수 없는** 요구가 됩니다. 벡터의 길이에 맞추어 거리와 마진을 골라야 합니다(09강).
#
# ### 가르쳐 보기: 목적마다 무엇이 달라질까
# BERT 전체를 가르치는 것은 09강에서 합니다. 여기서는 BERT를 **고정하고**(freeze) 그 위에 얹은 선형 사영(256 → 64차원) 하나만 가르칩니다. 두 갈래가 같은 사영을 쓰므로 이것도 샴 신경망입니다. 자료는 백과사전의 문장입니다.
# 같은 낱말(`고양이`와 `고양이`)을 설명한 두 문장은 레이블 2, 같은 범주의 다른 낱말이면 1, 범주가 다르면 0입니다. 점수로는 1, 0.5, 0으로 씁니다. 시험은 **배울 때 나오지 않은 낱말**로 합니다.
#
# 사영은 차원도 256에서 64로 줄입니다. 줄인 탓과 배운 덕을 가르려고, 배우지 않은 **무작위 사영**(64차원)을 함께 잽니다.
#
# > **예측해 보세요.** 고정한 BERT를 그대로 쓸 때와 견주어, 사영을 가르치면 처음 보는 낱말에서 "가장 가까운 문장이 같은 범주의 것인 비율"이 오를까요? 그리고 앞 절의 문장 쌍에서 순위 상관도 오를까요?

# %%
predict("08-objectives", choices=["둘 다 오른다", "범주만 오른다", "문장 쌍만 오른다", "둘 다 오르지 않는다"], mine=None)

# %%
categories = pd.read_csv(datasets.fetch("encyclopedia").parent / "categories.tsv", sep="\t")
category_of = {word: kind for word, kind in zip(categories.word, categories.category) if len(word) > 1}
longest_word, per_word, by_word = max(map(len, category_of)), by_profile(smoke=4, laptop=5, gpu=8), {}
for sentence in encyclopedia.sentence:
    named = {eojeol[:n] for eojeol in sentence.split() for n in range(2, longest_word + 1) if eojeol[:n] in category_of}
    if len(named) == 1 and len(by_word.setdefault(*named, [])) < per_word:     # 낱말이 하나만 나오는 문장
        by_word[next(iter(named))].append(sentence)
by_word = {word: found for word, found in by_word.items() if len(found) == per_word}
members = [(word, sentence) for word, found in by_word.items() for sentence in found]
word_of, kind_of = np.array([w for w, _ in members]), np.array([category_of[w] for w, _ in members])
frozen = similarity.unit_rows(sentence_bert.encode(poolings["mean"], [s for _, s in members]) - centre).astype(np.float32)
words = np.array(sorted(by_word))
held_out_words = np.random.default_rng(0).choice(words, len(words) // 3, replace=False)
is_test = np.isin(word_of, held_out_words)
print(f"문장 {len(members):,}개, 낱말 {len(words)}개(시험 {len(held_out_words)}개), 범주 {len(set(kind_of))}개")


def draw(rng, label, n):
    """레이블이 label인 배움용 문장 쌍의 번호. 많아야 n쌍입니다."""
    i, j = rng.choice(np.flatnonzero(~is_test), (2, 300_000))
    labels = np.where(word_of[i] == word_of[j], 2, np.where(kind_of[i] == kind_of[j], 1, 0))
    found = np.flatnonzero((labels == label) & (i != j))[:n]
    return np.stack([i[found], j[found]], axis=1)


def nearest_same(vectors, which=is_test, k=5):
    """which의 문장마다, 그 가운데 가장 가까운 k개에서 같은 범주인 것의 비율."""
    rows = similarity.unit_rows(vectors[which])
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -np.inf)
    return (kind_of[which][:, None] == kind_of[which][np.argsort(-cosines, axis=1)[:, :k]]).mean(axis=1)


STEPS = by_profile(smoke=60, laptop=150, gpu=500)


def train_projection(objective, seed, size=64):
    """고정한 벡터 위의 사영 (d, 64)을 목적 하나로 가르칩니다."""
    rng, X = np.random.default_rng(seed), torch.tensor(frozen)
    torch.manual_seed(seed)
    project, head = torch.nn.Linear(frozen.shape[1], size, bias=False), torch.nn.Linear(3 * size, 3)
    optimiser = torch.optim.Adam([*project.parameters(), *head.parameters()], lr=2e-3)
    drawn = {label: draw(rng, label, 2000) for label in (0, 1, 2)}
    for _ in range(STEPS):
        some = {label: torch.tensor(found[rng.integers(0, len(found), 64)]) for label, found in drawn.items()}
        if objective == "삼중항":
            same_word = some[2]
            other = torch.tensor(rng.permutation(drawn[0][:, 1])[:64])
            loss = triplet(*(F.normalize(project(X[rows]), dim=1) for rows in (same_word[:, 0], same_word[:, 1], other)), margin=0.5)
        else:
            both, label = torch.cat(list(some.values())), torch.tensor(list(some)).repeat_interleave(64)
            left, right = project(X[both[:, 0]]), project(X[both[:, 1]])
            loss = regression(left, right, label / 2) if objective == "회귀" else classification(left, right, label, head)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return project.weight.detach().numpy().T


pair_sides = [similarity.unit_rows(side - centre) for side in sides]
start_rate, start_rho = nearest_same(frozen), evaluation.spearman(pair_cosines(*pair_sides), pairs.score)
rows, gains = [{"사영": "없음 (고정한 BERT, 256차원)", "배운 낱말": f"{nearest_same(frozen, ~is_test).mean():.3f}", "처음 보는 낱말": f"{start_rate.mean():.3f}",
                "문장 쌍 ρ × 100": f"{100 * start_rho:.1f}"}], {}
seeds = by_profile(smoke=(0,), laptop=(0, 1, 2), gpu=range(5))
random_matrices = [np.random.default_rng(seed).normal(size=(frozen.shape[1], 64)).astype(np.float32) for seed in seeds]
for objective in ("무작위(배우지 않음)", "분류", "회귀", "삼중항"):
    matrices = random_matrices if objective.startswith("무작위") else [train_projection(objective, seed) for seed in seeds]
    rates = np.array([nearest_same(frozen @ matrix) for matrix in matrices])                                   # (시드, 문장)
    projected = [pair_cosines(*(side @ matrix for side in pair_sides)) for matrix in matrices]
    rhos = [evaluation.spearman(cosines, pairs.score) for cosines in projected]
    gap = rates.mean(axis=0) - start_rate
    low, high = evaluation.clustered_interval(gap, word_of[is_test])                                           # 같은 낱말의 문장은 함께 뽑습니다
    # 시드의 평균 코사인으로 문장 쌍의 차이와 구간을 구합니다.
    rho_low, rho_high = evaluation.bootstrap_interval(lambda a, b, s: evaluation.spearman(a, s) - evaluation.spearman(b, s),
                                                      np.mean(projected, axis=0), pair_cosines(*pair_sides), pairs.score)
    gains[objective] = (low > 0, rho_low > 0)
    rows.append({"사영": objective, "배운 낱말": f"{np.mean([nearest_same(frozen @ matrix, ~is_test).mean() for matrix in matrices]):.3f}",
                 "처음 보는 낱말": f"{rates.mean():.3f}" + (f" ± {rates.mean(axis=1).std():.3f}" if len(matrices) > 1 else ""),
                 "처음 보는 낱말의 차이": f"{gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]",
                 "문장 쌍 ρ × 100": f"{100 * np.mean(rhos):.1f}" + (f" ± {100 * np.std(rhos):.1f}" if len(matrices) > 1 else ""),
                 "ρ × 100의 차이": f"{100 * (np.mean(rhos) - start_rho):+.1f} [{100 * rho_low:+.1f}, {100 * rho_high:+.1f}]"})
learnt = [gains[o] for o in ("분류", "회귀", "삼중항")]
topic_up, pairs_up = sum(g[0] for g in learnt) >= 2, sum(g[1] for g in learnt) >= 2
compare("08-objectives", {(True, True): 1, (True, False): 2, (False, True): 3, (False, False): 4}[topic_up, pairs_up])
chance = np.mean([(kind_of[is_test] == kind).mean() for kind in kind_of[is_test]])
print(f"낱말의 두 열은 가까운 다섯 문장 가운데 같은 범주인 비율(처음 보는 낱말에서 우연이라면 {chance:.3f})입니다. 차이는 첫 줄과의 차이, ±는 시드 사이의 표준편차입니다.")
pd.DataFrame(rows).fillna("").set_index("사영")

# %% [markdown]
# 표를 세 걸음으로 읽습니다.
#
# - **배운 낱말과 처음 보는 낱말.** 배운 낱말에서는 올랐는데 처음 보는 낱말에서는 오르지 않았다면 **과적합**(overfitting)입니다. 배운 낱말들의 자리를 외웠을 뿐, 범주를 가르는 방향을 배우지 못한 것입니다. 손실이 줄었다는 것만으로는 알 수 없고, 배울 때
#   쓰지 않은 자료로 재어야 드러납니다.
# - **무작위와 목적.** 차원을 줄인 탓은 무작위의 줄에 나타납니다. 같은 64차원끼리 견주어야 배운 덕을 알 수 있습니다.
# - **낱말과 문장 쌍.** 두 시험은 **따로** 보아야 합니다. 우리가 가르친 것은 "무엇에 **관한** 문장인가"(주제)이고,
#   문장 쌍이 묻는 것은 "**같은 말**을 하는가"(뜻)입니다. `고양이는 낮에 잔다`와 `고양이는 쥐를 잡는다`는 주제가 같지만 뜻은 다릅니다.
#
# *왜 틀릴 수 있을까요?* "비슷하다"의 뜻은 모델이 아니라 **가르친 자료**가 정합니다. 주제로 배운 모델은 주제를, 바꾸어 말하기로 배운 모델은 바꾸어 말하기를 가깝게 놓습니다. 남이 만든 문장 모델을 쓸 때 무엇을 가르쳤는지부터
# 확인해야 하는 까닭입니다. 그리고 세 목적의 순위를 이 표로 매기지 마세요. 학습률과 마진을 목적마다 고르지 않았습니다.

# %% [markdown]
# ## 4. 다 배운 문장 모델
#
# BERT 전체를 문장 쌍으로 가르친 모델을 씁니다. 이 과정에는 위의 작은 BERT를 KorSTS의 **학습 자료**로 가르친 `korean-sts`가 들어 있습니다. 인터넷이 되면 허깅페이스 허브(Hugging Face Hub)의 훨씬 큰 모델을 쓸 수 있습니다.
# 허브의 모델 목록에서 과제를 *Sentence Similarity*, 언어를 *Korean*으로 고르면 여럿이 나옵니다. 모델마다 배운 방식이 다르므로 **받아서 자기 자료에 맞는지 재어 보고** 고릅니다(09강).
#
# > **예측해 보세요.** 2절의 문장 쌍 120개에서 `korean-sts`는 글자 TF-IDF보다 나을까요?

# %%
predict("08-taught", choices=["낫다(차이의 구간이 0보다 위)", "다르다고 말할 수 없다", "못하다(차이의 구간이 0보다 아래)"], mine=None)

# %%
HUB_MODEL = by_profile(smoke=None, laptop=None, gpu="jhgan/ko-sroberta-multitask")   # None 대신 허브의 이름을 적으면 받아서 씁니다(약 440 MB)
TEACH_ANEW = False                                                             # True로 바꾸면 korean-sts를 KorSTS의 학습 자료로 처음부터 다시 가르칩니다(GPU가 없으면 10분 안팎)

if TEACH_ANEW:
    taught_on, chosen_on = datasets.load("korsts", split="train"), datasets.load("korsts", split="dev")
    sbert = sentence_encoder.build(datasets.data_folder() / "models" / "korean-bert", [*taught_on.sentence1, *taught_on.sentence2])
    sentence_encoder.train(sbert, taught_on, sentence_encoder.Recipe(), validation=chosen_on)
else:
    sbert = sentence_bert.load(None)                                           # 이 과정에 들어 있는 모델
hub_sbert = sentence_bert.load(HUB_MODEL) if HUB_MODEL else None               # 받지 못하면 까닭을 알리고 들어 있는 모델을 돌려줍니다
size = sum(parameter.numel() for parameter in sbert.parameters())
print(f"모델의 부품: {' → '.join(type(module).__name__ for module in sbert)}")
print(f"매개변수 {size / 1e4:,.0f}만 개, 벡터 {sbert.encode(['시험']).shape[1]}차원, 한 번에 읽는 토큰 {sbert.max_seq_length}개")

# %% [markdown]
# 2절의 모델은 부품이 둘(Transformer와 Pooling)이었는데, 이 모델에는 그 사이에 둘이 더 있습니다. 둘 다 토큰 벡터를 평균하기 **전에** 손질하는 부품입니다.
#
# - **층의 가중 평균**(`WeightedLayerPooling`): 토큰마다 마지막 층의 벡터만 쓰지 않고, 입력 임베딩과 모든 층의 벡터를 섞어 하나로 만듭니다. 섞는 비율은 배웁니다.
# - **토큰의 가중치**(`WordWeights`): 토큰의 벡터에 그 토큰의 가중치를 곱하므로, 뒤따르는 평균 풀링은 가중 평균이 됩니다. `는`이나 `다`처럼 어디에나 나오는 토큰은 두 문장이 같은 말을 하는지 알려 주지 못합니다. 가중치의 첫 값은 TF-IDF에서 쓰는 idf의 제곱근이고, 거기서부터 배웁니다.
#
# 5천여 쌍만으로는 어느 층이 쓸모 있고 어느 토큰이 중요한지까지 밑바닥부터 배우기 어렵습니다. 그래서 05강까지 알게 된 것, 곧 흔한 낱말은 정보가 적다는 것과 2절에서 마지막 층의 평균이 기대에 못 미쳤다는 것을 모델의 구조에 미리 넣었습니다.
# 무엇을 배웠는지 들여다봅시다.

# %%
layer_share = (sbert[1].layer_weights / sbert[1].layer_weights.sum()).detach().cpu().numpy()
print("섞는 비율:", ", ".join(f"{'입력 임베딩' if i == 0 else f'{i}층'} {share:.2f}" for i, share in enumerate(layer_share)))
token_weight = sbert[2].emb_layer.weight.detach().cpu().numpy().ravel()
seen_tokens = Counter(number for text in encyclopedia.sentence for number in sbert.tokenizer(text, add_special_tokens=False)["input_ids"])
often = [number for number, times in seen_tokens.most_common(400)]              # 백과사전에 자주 나오는 토큰 400가지
ordered = sbert.tokenizer.convert_ids_to_tokens(sorted(often, key=lambda number: token_weight[number]))
print("가중치가 작은 토큰:", " ".join(ordered[:20]))
print("가중치가 큰 토큰:", " ".join(ordered[-20:]))

# %% [markdown]
# 비율이 마지막 층에 몰려 있는지, 아니면 입력 임베딩과 아래층에도 나뉘어 있는지 보세요. 아래쪽의 비율이 크다면, 이 과제에서는 가린 토큰을 맞히는 데 맞추어진 위층보다 어떤 낱말이 쓰였는지를 담은 아래층이 쓸모 있었다는 뜻입니다. 다만 층마다 벡터의
# 길이가 다르므로 비율만으로 층의 중요도를 정확히 말할 수는 없습니다.
#
# 가중치가 작은 쪽에는 조사와 어미와 마침표가, 큰 쪽에는 내용을 나타내는 낱말이 많은지 보세요. 큰 쪽에 따옴표나 괄호 같은 기호가 섞여 있다면 그것은 배운 것이 아니라 첫 값일 수 있습니다. KorSTS의 문장에 거의 나오지 않은 토큰은 idf가 크고, 나오지 않으면 고쳐지지도
# 않기 때문입니다. idf는 드문 것을 중요하다고 **가정**할 뿐입니다.

# %%
def add_sentence_models(found, frame):
    for name, model in {"문장 모델 korean-sts": sbert, f"허브: {HUB_MODEL}": hub_sbert}.items():
        if model is not None:
            found[name] = pair_cosines(*(sentence_bert.encode(model, frame[side]) for side in ("sentence1", "sentence2")))
    return found


def difference_of(found, scores):
    """korean-sts와 글자 TF-IDF의 ρ의 차이가 놓인 95% 구간."""
    return evaluation.bootstrap_interval(lambda a, b, s: evaluation.spearman(a, s) - evaluation.spearman(b, s), found["문장 모델 korean-sts"], found["글자 TF-IDF"], scores)


add_sentence_models(raw, pairs)
low, high = difference_of(raw, pairs.score)
compare("08-taught", 1 if low > 0 else 3 if high < 0 else 2)
print(f"문장 쌍 {len(pairs)}개")
score_table({name: cosines for name, cosines in raw.items() if name not in ("[CLS]", "최대 풀링")}, pairs.score.to_numpy())

# %%
if korsts is not None:
    print(f"KorSTS 시험 자료 가운데 {len(korsts)}쌍 (지금 계산)")
    korsts_shown = score_table({name: cosines for name, cosines in add_sentence_models(raw_korsts, korsts).items() if name not in ("[CLS]", "최대 풀링")}, korsts.score.to_numpy())
else:
    print("KorSTS가 없습니다. LAB_DATA_DIR에 자료 폴더를 적으면 이 셀이 KorSTS에서도 잽니다.")
korsts_shown

# %%
published = pd.DataFrame([("jhgan/ko-sroberta-multitask", 85.60), ("BM-K/KoSimCSE-roberta-multitask", 86.12), ("ko-sbert-sts", 81.2),
                          ("다국어 MiniLM (paraphrase-multilingual-MiniLM-L12-v2)", 74.4), ("KoSimCSE (비지도)", 74.5)], columns=["모델", "ρ × 100"]).assign(근거="저자가 공개한 값")
published.loc[published["모델"] == "KoSimCSE (비지도)", "근거"] = "저자가 공개한 값(74~75의 가운데)"
if sts is not None:
    own = sts[sts["방법"].isin(["글자 TF-IDF (1–2그램)", "한국어 BERT, 평균 풀링", "한국어 BERT, 층과 토큰에 가중치를 준 평균(가르치기 전)",
                                 "문장 모델 korean-sts (이 과정)", "글자 TF-IDF와 korean-sts의 코사인의 평균"])]
    own = pd.DataFrame({"모델": own["방법"], "ρ × 100": own["rho"].round(1), "근거": [f"이 과정에서 잼 [{low:.1f}, {high:.1f}]" for low, high in zip(own["아래"], own["위"])]})
    published = pd.concat([published, own])
else:
    print("이 과정의 모델을 KorSTS 1,379쌍으로 잰 줄은 data/results/lesson08_sts.csv가 있으면 함께 나옵니다. 만드는 명령: python -m instructor.results 08")
print("KorSTS 시험 자료의 순위 상관")
published.sort_values("ρ × 100", ascending=False).set_index("모델")

# %% [markdown]
# `korean-sts`는 2절의 BERT에서 출발했지만 두 가지가 다릅니다. 부품 둘을 더했고, 문장 쌍으로 가르쳤습니다. 미리 재어 둔 KorSTS의 표에는 부품만 더하고 가르치지 않은 줄도 있으므로, 두 가지의 효과를 나누어 볼 수 있습니다. 공개된 큰 모델은 매개변수가 1억 개를 넘고
# 훨씬 많은 글을 먼저 읽었으며 문장 쌍도 훨씬 많이 배웠습니다.
#
# 120쌍의 결과와 KorSTS의 결과가 다르면 어느 쪽을 믿어야 할까요? 둘 다 옳을 수 있습니다. 120쌍은 낱말의 겹침에 속지 않는지를 묻도록 일부러 지은 것이고, KorSTS의 시험 자료는 이 모델이 배운 자료와 **같은 곳에서** 나온 문장들입니다.
# 배운 곳에서 오른 점수가 다른 곳에서도 오르리라는 법은 없습니다.
#
# *왜 틀릴 수 있을까요?* KorSTS는 영어 문장을 번역한 짧은 문장들입니다. 거기서 점수가 높은 모델이 여러분의 글(긴 특허 요약, 진료 기록, 판결문)에서도 좋다는 보장은 없습니다. 이제 그 시험을 합니다.

# %% [markdown]
# ## 5. patents.xlsx: 비슷한 문서 찾기
#
# 지어낸 특허 기록이 든 엑셀 파일입니다. 발명도 출원인도 모두 가상입니다. 열은 `id`, `title`(발명의 명칭), `abstract`(요약), `field`(분야), `year`, `applicant`입니다.

# %%
path = datasets.fetch("patents")                                               # 여러분의 파일이라면 여기에 "patents.xlsx"처럼 경로를 적습니다
df = pd.read_excel(path)
print(f"{len(df)}편, 분야 {df.field.nunique()}가지(분야마다 적어도 {df.field.value_counts().min()}편): " + ", ".join(sorted(df.field.unique())))
df.head(3)

# %% [markdown]
# 문서의 벡터는 한 줄이면 얻습니다. 0번 문서와의 **코사인 거리**(cosine distance)를 구해 가까운 것부터 줄을 세웁니다. 코사인 거리는 1 − 코사인 유사도이므로, 비슷할수록 작고 앞에 옵니다.
#
# > **예측해 보세요.** 0번 문서와 가장 가까운 문서(1등)는 무엇일까요?

# %%
predict("08-first", choices=["0번 문서 자신", "같은 발명을 다른 말로 쓴 문서", "같은 분야의 다른 문서"], mine=None)

# %%
start = time.perf_counter()
doc_emb = sbert.encode(df["abstract"].tolist())                                # (132, d)
seconds = time.perf_counter() - start

doc_idx = 0                                                                    # 0번 문서와 비슷한 문서 보기
dists = cosine_distances(doc_emb[[doc_idx]], doc_emb).flatten()                # 코사인 거리
rank = np.argsort(dists)                                                       # 정렬
top10 = rank[:10]                                                              # 가장 가까운 10개
assert np.allclose(dists, 1 - similarity.unit_rows(doc_emb) @ similarity.unit_rows(doc_emb)[doc_idx], atol=1e-5)
kinds = pd.read_excel(path, sheet_name="kinds")                                # 답안 시트: 어느 글이 어느 글의 다른 표현인지
original = dict(zip(kinds.id, kinds.of))
compare("08-first", 1 if rank[0] == doc_idx else 2 if original.get(df.id[rank[0]]) == df.id[doc_idx] else 3)
try:
    sbert.encode(df["abstract"][:2])
    print(f"이 판(sentence-transformers {version('sentence-transformers')})의 encode는 표의 열을 그대로 받습니다.")
except (ValueError, TypeError, KeyError) as error:
    print(f"이 판(sentence-transformers {version('sentence-transformers')})의 encode는 표의 열을 그대로 받지 않습니다: {str(error)[:38]} → .tolist()로 바꿉니다.")
print(f"요약 {len(df)}편을 벡터로 바꾸는 데 {seconds:.1f}초 (1초에 {len(df) / seconds:.0f}편)")
others_near, peers = top10[1:], (df.field == df.field[doc_idx]).sum() - 1
print(f"자신을 뺀 아홉 편 가운데 같은 분야 {(df.field[others_near] == df.field[doc_idx]).sum()}편 (아무렇게나 고르면 {9 * peers / (len(df) - 1):.1f}편). "
      f"아홉 편까지의 거리 {dists[others_near].min():.3f}~{dists[others_near].max():.3f}, 다른 문서 전체까지의 평균 거리 {np.delete(dists, doc_idx).mean():.3f}")
df.iloc[top10][["id", "title", "field"]].assign(거리=dists[top10].round(3))

# %% [markdown]
# 인터넷의 많은 예제는 `sbert.encode(df["abstract"])`라고 씁니다. 그것이 되는지는 sentence-transformers의 판에 따라 다르므로(위에 출력된 줄) `.tolist()`로 목록으로 바꾸어 넘기는 것이 안전합니다. 모델이 한 번에 읽는 길이를 넘는 뒷부분은
# 버려지는데, 그 문제는 8절에서 다룹니다.
#
# 결과를 읽을 때는 목록이 그럴듯한지만 보지 말고, 아무렇게나 고를 때와 견주세요. 가까운 문서까지의 거리와 전체의 평균 거리가 비슷하다면 거리의 값 자체는 뜻이 적고(2절의 비등방성), 같은 분야의 문서가 우연만큼만 들어 있다면 순서도 믿을 수 없습니다. 문서 하나로는
# 판단할 수 없으므로 7절과 10절에서 모든 문서로 잽니다.
#
# 1등은 물론 자기 자신입니다(거리 0). 그래서 "비슷한 문서"를 찾을 때는 자기 자신을 빼야 합니다. `doc_emb[[doc_idx]]`의 대괄호가 두 겹인 까닭은 `cosine_distances`가 행렬(1×d)을 받기 때문입니다. 한 겹이면 길이 d의
# 벡터가 되어 오류가 납니다.
#
# ### ✏️ 연습 8-3 (2점): 비슷한 문서 n개
# 문서 벡터 `doc_emb`(D×d), 문서 번호 `doc_idx`, 개수 `n`을 받아 코사인 거리가 가까운 문서 n개의 번호를 **가까운 것부터**, 자기 자신은 **빼고** 돌려주는 `most_similar`를 완성하세요. 내용이 똑같은 다른 문서(거리 0)는
# 빠지면 안 됩니다.
#
# <details><summary>힌트 1</summary> 내용이 같은 문서가 둘이면 어느 쪽이 앞에 올지 알 수 없습니다. 맨 앞의 하나를 버리는 대신 <b>번호로</b> 빼세요. </details>
# <details><summary>힌트 2</summary> 불(boolean) 배열로 고르기: <code>배열[배열 != 값]</code>은 그 값이 아닌 것만 순서대로 남깁니다. 거리 배열이 아니라 줄 세운 <b>번호</b> 배열에 쓰세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-most-similar", "grade": false, "solution": true, "locked": false, "task": false}
def most_similar(doc_emb, doc_idx, n=10):
    ### BEGIN SOLUTION
    distances = cosine_distances(doc_emb[[doc_idx]], doc_emb)[0]
    order = np.argsort(distances, kind="stable")
    return order[order != doc_idx][:n]
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-most-similar-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("08-most-similar", points=2, hint="코사인 거리로 줄을 세운 뒤, 번호가 doc_idx인 것을 빼고 앞의 n개를 고릅니다."):
    corners = np.array([[1.0, 0.0], [10.0, 1.0], [0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]])
    assert list(most_similar(corners, 3, 2)) == [0, 1], "0번은 3번과 내용이 같지만 다른 문서입니다."
    assert list(most_similar(corners, 0, 4)) == [3, 1, 2, 4], "길이가 아니라 방향을 비교합니다."
    assert 2 not in list(most_similar(corners, 2, 4)), "자기 자신은 뺍니다."

# %% [markdown]
# ### 파일이 잘못되었을 때
# 여러분의 파일은 여러 가지로 잘못되어 있을 수 있습니다. 이름만 `.xlsx`로 바꾼 CSV, 옛 `.xls`, 암호가 걸린 파일, 받다가 끊긴 파일, 열 이름이 다른 파일, 빈 칸이 있는 파일이 흔합니다. `pd.read_excel`의 오류는 영어이고 까닭을 짐작하기 어려우며, 빈
# 칸은 오류 없이 지나갔다가 **나중에** 문제를 일으킵니다. 그럴 때 `retrieval.read_documents`로 읽으면 까닭을 우리말로 알려 줍니다. 일부러 망가뜨린 파일들로 확인해 봅시다.

# %%
def broken_files(folder):
    """이름 → 일부러 망가뜨린 파일."""
    whole, legacy = Path(path).read_bytes(), bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    files = {name: folder / f"{name}.xlsx" for name in ("이름만_바꾼_CSV", "옛_xls", "암호", "받다가_끊김", "열_이름이_다름", "빈_칸", "없는_파일")}
    files["이름만_바꾼_CSV"].write_bytes(df.head().to_csv(index=False).encode("cp949", "replace"))
    files["옛_xls"].write_bytes(legacy + "Workbook".encode("utf-16-le"))
    files["암호"].write_bytes(legacy + "EncryptedPackage".encode("utf-16-le"))
    files["받다가_끊김"].write_bytes(whole[: len(whole) // 2])
    df.head().rename(columns={"abstract": "Abstract"}).to_excel(files["열_이름이_다름"], index=False)
    df.head().assign(abstract=[*df.abstract[:3], None, "  "]).to_excel(files["빈_칸"], index=False)
    return files


def outcome(read, file):
    try:
        read(file)
        return "오류 없이 읽음"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


with TemporaryDirectory() as folder:
    broken = {name: (outcome(lambda f: pd.read_excel(f)["abstract"], file), outcome(retrieval.read_documents, file)) for name, file in broken_files(Path(folder)).items()}
for name, (plain, ours) in broken.items():
    cause = ours.split("원인: ")[-1].split("\n")[0]
    print(f"{name.replace('_', ' ')}\n   pd.read_excel: {plain.splitlines()[0][:110].replace(folder, '…')}\n   read_documents: {cause.replace(folder, '…')}")
print("\n한 파일의 오류 전체:\n" + broken["빈_칸"][1])
assert retrieval.read_documents(path).equals(df)                               # 멀쩡한 파일은 pd.read_excel과 똑같이 읽습니다

# %% [markdown]
# ## 6. 키워드 검색과 임베딩 검색
#
# 도서관의 검색창에 `자동차`를 치면 `자동차`라는 글자가 든 문서만 나옵니다. `차량`, `승용차`라고 쓴 문서는 나오지 않습니다(05강의 낱말 불일치, vocabulary mismatch). 임베딩 검색은 그런 문서도 찾아 준다고 약속합니다.
#
# > **예측해 보세요.** 전기자동차 분야의 문서 11편 가운데 요약에 `자동차`라는 낱말이 든 것은 몇 편일까요?

# %%
predict("08-keyword", choices=["9~11편", "6~8편", "3~5편", "0~2편"], mine=None)

# %%
in_field = df.field.str.startswith("B60L").to_numpy()
holds = {word: df.abstract.str.contains(word).to_numpy() for word in ("자동차", "차량", "승용차", "버스", "트랙터")}
n_found = int((holds["자동차"] & in_field).sum())
compare("08-keyword", 1 if n_found >= 9 else 2 if n_found >= 6 else 3 if n_found >= 3 else 4)
print("요약에 든 문서 수(그 가운데 전기자동차 분야): " + ", ".join(f"{word} {hold.sum()}({(hold & in_field).sum()})" for word, hold in holds.items()))
print(f"다섯 낱말 가운데 하나라도 든 전기자동차 문서: {(np.any(list(holds.values()), axis=0) & in_field).sum()}편")

abstracts = df.abstract.tolist()
document_tokens = retrieval.content_morphemes(abstracts, progress=False)       # 명사, 용언, 어근, 외국어 (kiwipiepy)
document_ngrams = retrieval.character_ngrams(abstracts)                        # 낱말 안의 두세 글자


def keyword_scores(texts):
    return retrieval.bm25_scores(retrieval.content_morphemes(list(texts), progress=False), document_tokens)


def meaning_scores(texts, vectors=doc_emb, model=sbert):
    return geometry.similarity_scores(sentence_bert.encode(model, texts, progress=False), vectors)


for question in ("자동차", "겨울에 차량의 축전지를 미리 데우는 기술"):
    by_word_score, by_meaning_score = keyword_scores([question])[0], meaning_scores([question])[0]
    print(f"\n질의: {question}")
    print(f"  BM25: 0점보다 큰 문서 {np.sum(by_word_score > 0)}편. " + " / ".join(f"{df.title[i][:22]}({df.field[i][:4]})" for i in np.argsort(-by_word_score)[:3] if by_word_score[i] > 0))
    print("  임베딩: " + " / ".join(f"{df.title[i][:22]}({df.field[i][:4]})" for i in np.argsort(-by_meaning_score)[:3]))
    print(f"  앞의 10편 가운데 전기자동차 분야: BM25 {in_field[np.argsort(-by_word_score, kind='stable')[:10]][by_word_score[np.argsort(-by_word_score, kind='stable')[:10]] > 0].sum()}편, "
          f"임베딩 {in_field[np.argsort(-by_meaning_score)[:10]].sum()}편")

# %% [markdown]
# BM25는 질의의 낱말이 든 문서에서 멈춥니다. `자동차`라고 치면 0점보다 큰 문서가 몇 편뿐입니다. 임베딩은 언제나 132편을 모두 줄 세우지만, 낱말 하나나 짧은 질의에서 얻은 벡터가 긴 요약의 벡터와 잘 맞는다는 보장은 없습니다. 앞의 10편에 전기자동차 분야가 몇 편인지
# 견주어 보세요(아무렇게나 고르면 10편에 0.8편쯤입니다). 예 둘로는 어느 쪽이 나은지 말할 수 없으니, 두 방법이 **각각 실패할 만한** 과제를 스스로 만들어 재어 봅시다.
#
# - **다른 말로 쓴 같은 발명.** 답안 시트에는 같은 발명을 다른 낱말(배터리 → 축전지)로 다시 쓴 글이 24편 있습니다. 그 글의 제목으로 원래 글의 요약을 찾습니다. 키워드 검색이 실패할 만합니다.
# - **드문 낱말 하나.** 문서마다 그 문서에만 나오는 명사 하나(가장 긴 것)로 그 문서를 찾습니다. 임베딩 검색이 실패할 만합니다.
#
# > **예측해 보세요.** 누가 이길까요?

# %%
predict("08-two-tasks", choices=["둘 다 BM25", "둘 다 임베딩", "다른 말은 임베딩, 드문 낱말은 BM25", "다른 말은 BM25, 드문 낱말은 임베딩"], mine=None)

# %%
row_of = {name: number for number, name in enumerate(df.id)}
copies = [(row_of[copy], row_of[of]) for copy, of in zip(kinds.id, kinds.of) if isinstance(of, str)]
in_how_many = Counter(token for tokens in document_tokens for token in set(tokens))
rare = {number: max(only, key=lambda token: (len(token), token)).replace("_", " ") for number, tokens in enumerate(document_tokens)
        if (only := [t for t in set(tokens) if in_how_many[t] == 1 and not t.endswith(("다", "의", "이"))])}


def reciprocal_ranks(scores, targets, without=None):
    """질의마다 맞는 문서의 1/순위. 점수가 같으면 가운데 순위를 씁니다. without의 문서는 후보에서 뺍니다."""
    found = []
    for number, (row, target) in enumerate(zip(np.array(scores, float), targets)):
        if without is not None:
            row[without[number]] = -np.inf
        found.append(1 / (1 + np.sum(row > row[target]) + (np.sum(row == row[target]) - 1) / 2))
    return np.array(found)


tasks = {
    "다른 말로 쓴 같은 발명": ([df.title[i] for i, _ in copies], [of for _, of in copies], [i for i, _ in copies]),
    "드문 낱말 하나": (list(rare.values()), list(rare), None),
}
outcomes, rows = {}, []
for name, (questions, targets, without) in tasks.items():
    outcomes[name] = {"BM25": reciprocal_ranks(keyword_scores(questions), targets, without), "임베딩": reciprocal_ranks(meaning_scores(questions), targets, without)}
    gap = outcomes[name]["임베딩"] - outcomes[name]["BM25"]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    rows.append({"과제": name, "질의": len(questions), **{f"{m}: MRR": f"{each.mean():.3f}" for m, each in outcomes[name].items()},
                 "임베딩 − BM25 [95% 구간]": f"{gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]"})
winners = tuple(bool(o["임베딩"].mean() > o["BM25"].mean()) for o in outcomes.values())
compare("08-two-tasks", {(False, False): 1, (True, True): 2, (True, False): 3, (False, True): 4}[winners])
print("드문 낱말의 예:", ", ".join(list(rare.values())[:8]))
pd.DataFrame(rows).set_index("과제")

# %%
lost = outcomes["다른 말로 쓴 같은 발명"]
for loser, winner in (("BM25", "임베딩"), ("임베딩", "BM25")):
    worst = int(np.argmax(lost[winner] - lost[loser]))
    print(f"{loser} 쪽이 가장 크게 진 질의: {tasks['다른 말로 쓴 같은 발명'][0][worst]}\n   찾을 글: {df.title[copies[worst][1]]} "
          f"({loser} {1 / lost[loser][worst]:.0f}등, {winner} {1 / lost[winner][worst]:.0f}등)")
minimal = pd.DataFrame([("배터리를 미리 데운다.", "축전지를 사전에 가열한다.", "같은 뜻, 다른 낱말"), ("배터리를 미리 데운다.", "배터리를 미리 데우지 않는다.", "부정"),
                        ("충전 시간은 30분이다.", "충전 시간은 30시간이다.", "수와 단위"), ("로봇이 사람을 따라간다.", "사람이 로봇을 따라간다.", "누가 누구를"),
                        ("뿌리가 자라는 토양의 수분을 잰다.", "식물 재배지의 물기를 측정한다.", "같은 뜻, 다른 낱말"), ("씨앗 결정을 기른다.", "씨앗을 뿌려 기른다.", "같은 낱말, 다른 뜻")],
                       columns=["글 1", "글 2", "무엇이 다른가"])
minimal["임베딩"] = pair_cosines(*(sentence_bert.encode(sbert, minimal[side], progress=False) for side in ("글 1", "글 2"))).round(2)
trigram = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3)).fit(abstracts)
minimal["글자 TF-IDF"] = pair_cosines(*(trigram.transform(minimal[side]) for side in ("글 1", "글 2"))).round(2)
same_meaning = minimal["무엇이 다른가"] == "같은 뜻, 다른 낱말"
print(f"\n임베딩: 뜻이 같은 쌍의 평균 코사인 {minimal['임베딩'][same_meaning].mean():.2f}, 뜻이 다른 쌍의 평균 {minimal['임베딩'][~same_meaning].mean():.2f}")
minimal

# %% [markdown]
# 첫 과제의 결과가 짐작과 다를 수 있습니다. 임베딩이 다른 말을 알아보려면 `배터리`와 `축전지`가 같은 것임을 **배운 적이 있어야** 합니다. 그 분야의 글을 읽지 않은 작은 모델에게는 둘 다 낯선 토큰의 나열입니다. BM25는 다시 쓴 글에 남은 몇 낱말만으로도 원래 글을
# 찾을 수 있습니다. "임베딩은 뜻을 보고 키워드 검색은 글자를 본다"라는 말은 모델이 그 뜻을 알 때에만 맞습니다.
#
# 작은 표는 임베딩의 약점을 살핍니다. 부정, 수, 누가 누구를, 같은 낱말의 다른 뜻처럼 **글자는 조금만 다른데 뜻이 크게 다른** 쌍의 코사인이 뜻이 같은 쌍보다 높은지 표 위의 줄에서 확인하세요. 글자 TF-IDF의 열과 높낮이가 같다면, 임베딩도 뜻보다 낱말의 겹침을 보고
# 있는 것입니다(여섯 쌍은 약점을 보이려고 우리가 고른 것이므로 평균의 크기에 뜻을 두지는 마세요). 임베딩 검색의 결과에서 "가깝다"를 "맞다"로 읽으면 안 됩니다.
#
# *왜 틀릴 수 있을까요?* 두 과제는 우리가 **승패를 짐작하고** 만든 것입니다. 드문 낱말로 찾는 사람과 뜻으로 찾는 사람이 실제로 얼마나 되는지는 과제에 들어 있지 않습니다. 그래서 다음 절에서는 문서를 읽고 따로 쓴 질의로 잽니다.

# %% [markdown]
# ## 7. 따로 둔 질의로 평가하기
#
# 문서를 읽고 쓴 질의와, 질의마다 맞는 문서의 **등급**(3이 가장 잘 맞는 것, 적히지 않은 문서는 0)이 따로 있습니다. 이 질의는 모델을 가르치거나 조절값을 고르는 데 쓰지 않습니다. 종류는 넷입니다.
#
# - **keyword**: 낱말을 늘어놓은 질의.
# - **paraphrase**: 문서의 낱말을 **일부러 피해** 일상의 말로 바꾼 질의. 키워드 검색에 불리합니다.
# - **question**: 온전한 문장으로 된 질문.
# - **trap**: 다른 분야의 낱말을 끌어들이거나 "…가 아니라"라고 말하는 질의.

# %%
queries = datasets.load("patent-queries")
asked = queries.drop_duplicates("query_id").reset_index(drop=True)
relevant = retrieval.relevance(queries, asked.query_id, df.id)                 # (Q, D) 등급
print(f"질의 {len(asked)}개({', '.join(f'{kind} {count}' for kind, count in asked.kind.value_counts().items())}), "
      f"질의마다 맞는 문서 {(relevant > 0).sum(axis=1).mean():.1f}편(등급 3은 {(relevant == 3).sum(axis=1).mean():.1f}편)")
asked.groupby("kind").head(2)[["query_id", "kind", "query"]]

# %% [markdown]
# ### nDCG를 손으로
# 05강에서 정밀도, 재현율, MRR을 배웠습니다. 등급이 여러 단계이면 **nDCG**(normalized discounted cumulative gain)를 씁니다. 앞에서부터 k개의 등급을 순위로 깎아 더한 것이 DCG이고, 가장 좋은 순서로 늘어놓았을 때의 DCG로 나눈 것이
# nDCG입니다.
#
# $$\mathrm{DCG@}k = \sum_{i=1}^{k} \frac{\text{등급}_i}{\log_2(i + 1)}, \qquad \mathrm{nDCG@}k = \frac{\mathrm{DCG@}k}{\text{이상적인 순서의 } \mathrm{DCG@}k}$$
#
# 줄을 세운 결과의 등급이 차례로 [3, 0, 2, 0, 1]이고 다른 문서는 모두 0이라면 DCG@5 = 3/1 + 2/2 + 1/2.585 = 4.387이고, 이상적인 순서 [3, 2, 1, 0, 0]의 DCG는 3 + 2/1.585 + 1/2 = 4.762이므로 nDCG@5 = 0.921입니다.
# 분자에 등급 대신 $2^{\text{등급}} - 1$을 쓰는 정의도 있습니다. 표를 견줄 때는 어느 정의인지 확인하세요(scikit-learn과 이 과정은 등급을 그대로 씁니다).

# %% [markdown]
# ### ✏️ 연습 8-4 (3점): nDCG
# **줄 세운 순서대로** 늘어놓은 모든 문서의 등급 `grades`와 `k`를 받아 nDCG@k를 돌려주는 `ndcg`를 완성하세요. 맞는 문서가 하나도 없으면 0.0입니다.
#
# <details><summary>힌트 1</summary> 이상적인 순서는 앞의 k개가 아니라 <b>모든</b> 문서의 등급을 큰 것부터 늘어놓은 것입니다. </details>
# <details><summary>힌트 2</summary> 순위 1의 할인은 log2(2) = 1입니다: <code>np.log2(np.arange(2, k + 2))</code>. 문서가 k개보다 적을 수도 있습니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-ndcg", "grade": false, "solution": true, "locked": false, "task": false}
def ndcg(grades, k):
    ### BEGIN SOLUTION
    grades = np.asarray(grades, dtype=float)
    discount = np.log2(np.arange(2, min(k, len(grades)) + 2))
    gained = (grades[:k] / discount).sum()
    possible = (np.sort(grades)[::-1][:k] / discount).sum()
    return float(gained / possible) if possible > 0 else 0.0
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-ndcg-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("08-ndcg", points=3, hint="DCG@k를 이상적인 순서(모든 등급을 큰 것부터)의 DCG@k로 나눕니다. 순위 i의 할인은 log2(i + 1)."):
    assert np.isclose(ndcg([3, 0, 2, 0, 1], 5), (3 + 1 + 1 / np.log2(6)) / (3 + 2 / np.log2(3) + 0.5))
    assert np.isclose(ndcg([0, 0, 3], 2), 0), "앞의 k개에 맞는 것이 없으면 0입니다."
    assert np.isclose(ndcg([1, 0, 0, 3], 2), 1 / (3 + 1 / np.log2(3))), "이상적인 순서에는 k등 밖의 문서도 들어갑니다."
    assert ndcg([0, 0], 5) == 0.0 and np.isclose(ndcg([2, 1], 10), 1)
    trial = np.random.default_rng(0)
    trial_scores, trial_grades = trial.random((5, 30)), trial.integers(0, 4, (5, 30))
    from_package = evaluation.retrieval_metrics(trial_scores, trial_grades, k=10).ndcg
    assert np.allclose([ndcg(g[np.argsort(-s)], 10) for s, g in zip(trial_scores, trial_grades)], from_package), "패키지의 값과 다릅니다."

# %% [markdown]
# ### 하이브리드 검색: 역순위 융합
# 키워드 검색과 임베딩 검색을 함께 쓰는 것을 하이브리드 검색(hybrid search)이라고 합니다. 두 점수는 단위가 달라 그대로 더할 수 없습니다. **역순위 융합**(reciprocal rank fusion, RRF)은 점수를 버리고 순위만 씁니다. 문서의 점수는 방법마다 $\frac{1}{60 + \text{순위}}$를 더한 값입니다. 60은
# 논문(Cormack 외, 2009)이 쓴 값으로, 1등과 2등의 차이를 누그러뜨립니다.
#
# ### ✏️ 연습 8-5 (2점): 역순위 융합
# 같은 문서들에 대한 두 점수 `first`, `second`(길이 D의 배열, 클수록 좋음)와 `k`를 받아 융합한 점수(길이 D)를 돌려주는 `fuse`를 완성하세요. 순위는 1부터이고, 같은 점수는 없다고 가정합니다.
#
# <details><summary>힌트 1</summary> 순위를 얻는 법: <code>np.argsort(np.argsort(-점수))</code>는 0부터 센 순위입니다. </details>
# <details><summary>힌트 2</summary> <code>np.argsort(-점수)</code> 한 번은 순위가 아니라 "몇 번 문서가 앞에 오는가"입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-fuse", "grade": false, "solution": true, "locked": false, "task": false}
def fuse(first, second, k=60):
    ### BEGIN SOLUTION
    total = np.zeros(len(first))
    for values in (first, second):
        order = np.argsort(-np.asarray(values, dtype=float))
        total[order] += 1 / (k + np.arange(1, len(order) + 1))
    return total
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-fuse-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("08-fuse", points=2, hint="방법마다 1/(k + 순위)를 더합니다. 순위는 1부터, 점수가 큰 것이 1등입니다."):
    assert np.allclose(fuse(np.array([0.9, 0.5, 0.1]), np.array([3.0, 7.0, 5.0]), k=0), [1 + 1 / 3, 1 / 2 + 1, 1 / 3 + 1 / 2])
    assert np.allclose(fuse(np.array([100.0, 2.0, 1.0]), np.array([0.3, 0.2, 0.1])), 2 / np.array([61, 62, 63])), "점수의 크기는 상관없습니다."
    random_scores = np.random.default_rng(0).random((2, 30))
    assert np.allclose(fuse(*random_scores), retrieval.rank_fusion(random_scores[:1], random_scores[1:])[0]), "패키지의 값과 다릅니다."

# %% [markdown]
# > **예측해 보세요.** 따로 둔 질의에서 nDCG@10이 가장 높은 것은?

# %%
predict("08-search", choices=["TF-IDF", "BM25", "임베딩(korean-sts)", "하이브리드(BM25 + 임베딩)"], mine=None)

# %%
query_texts = asked["query"].tolist()
query_tokens, query_ngrams = retrieval.content_morphemes(query_texts, progress=False), retrieval.character_ngrams(query_texts)
methods = {
    "TF-IDF (형태소)": retrieval.tfidf_scores(query_tokens, document_tokens),
    "TF-IDF (글자 2–3그램)": retrieval.tfidf_scores(query_ngrams, document_ngrams),
    "BM25 (형태소)": retrieval.bm25_scores(query_tokens, document_tokens),
    "BM25 (글자 2–3그램)": retrieval.bm25_scores(query_ngrams, document_ngrams),
    "BERT 평균 풀링": geometry.similarity_scores(sentence_bert.encode(poolings["mean"], query_texts), sentence_bert.encode(poolings["mean"], abstracts)),
    "임베딩 (korean-sts)": meaning_scores(query_texts),
}
if hub_sbert is not None:
    methods[f"임베딩 ({HUB_MODEL})"] = meaning_scores(query_texts, sentence_bert.encode(hub_sbert, abstracts), hub_sbert)
methods["하이브리드 (BM25 + 임베딩)"] = retrieval.rank_fusion(methods["BM25 (형태소)"], methods["임베딩 (korean-sts)"])
methods["무작위 순서"] = np.random.default_rng(0).random(relevant.shape)
BASE = "BM25 (형태소)"
table = retrieval.compare_methods(methods, relevant, BASE)


def shown_table(table):
    view = pd.DataFrame({"nDCG@10": [f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" for _, row in table.iterrows()],
                         f"{BASE}와의 차이": [f"{row['difference']:+.3f} [{row['difference_low']:+.3f}, {row['difference_high']:+.3f}]" if row["difference"] == row["difference"] else ""
                                          for _, row in table.iterrows()]}, index=table.index.rename("방법"))
    return view


families = {"TF-IDF": "TF-IDF", "BM25": "BM25", "임베딩 (korean-sts)": "임베딩(korean-sts)", "하이브리드": "하이브리드(BM25 + 임베딩)"}
best_method = max((name for name in methods if not name.startswith(("무작위", "BERT")) and name != f"임베딩 ({HUB_MODEL})"), key=lambda name: table.loc[name, "mean"])
compare("08-search", next(said for start, said in families.items() if best_method.startswith(start)))
others = {metric: retrieval.compare_methods(methods, relevant, BASE, metric=metric) for metric in ("reciprocal_rank", "recall")}
shown_table(table).assign(MRR=[f"{m:.3f} [{low:.3f}, {high:.3f}]" for m, low, high in others["reciprocal_rank"][["mean", "low", "high"]].to_numpy()],
                          재현율10=[f"{m:.3f} [{low:.3f}, {high:.3f}]" for m, low, high in others["recall"][["mean", "low", "high"]].to_numpy()])

# %%
fig, axes = plt.subplots(1, 2, figsize=(10.5, 0.42 * len(table) + 1.3), sharey=True)
places = np.arange(len(table))[::-1]
axes[0].errorbar(table["mean"], places, xerr=[table["mean"] - table.low, table.high - table["mean"]], fmt="o", capsize=3)
axes[0].set_yticks(places, table.index)
axes[0].set(xlabel="nDCG@10 (막대: 95% 구간)", title="방법마다의 평균")
gaps = table.dropna(subset=["difference"])
gap_places = places[[table.index.get_loc(name) for name in gaps.index]]
axes[1].errorbar(gaps.difference, gap_places, xerr=[gaps.difference - gaps.difference_low, gaps.difference_high - gaps.difference], fmt="s", capsize=3, color="#D55E00")
axes[1].axvline(0, color="black", linewidth=0.8)
axes[1].set(xlabel=f"{BASE}와의 차이 (같은 질의끼리)", title="짝지은 차이")
fig.tight_layout()
show(fig, alt="왼쪽은 방법마다 nDCG@10과 95% 구간, 오른쪽은 BM25와의 짝지은 차이. " + "; ".join(f"{name}: {row['mean']:.2f}" for name, row in table.iterrows()) + ".")
for name, row in gaps.iterrows():
    verdict = "높습니다" if row.difference_low > 0 else "낮습니다" if row.difference_high < 0 else "다르다고 말할 수 없습니다"
    print(f"{name}: {BASE}보다 {row.difference:+.3f} [{row.difference_low:+.3f}, {row.difference_high:+.3f}] → {verdict}")
by_kind = pd.DataFrame({name: pd.Series(table.loc[name, "each"]).groupby(asked.kind).mean() for name in (BASE, "TF-IDF (글자 2–3그램)", "임베딩 (korean-sts)", "하이브리드 (BM25 + 임베딩)")})
by_kind.insert(0, "질의 수", asked.kind.value_counts())
print("\n질의의 종류마다 nDCG@10")
by_kind.round(3)

# %% [markdown]
# 오른쪽 그림을 보세요. 왼쪽의 구간들이 서로 겹친다고 "차이가 없다"고 하면 안 됩니다. 어려운 질의는 누구에게나 어려우므로, **같은 질의끼리** 뺀 차이의 구간이 훨씬 좁습니다. 그 구간이 0을 품지 않을 때만 높다, 낮다고 말합니다.
#
# 하이브리드의 줄을 BM25의 줄과 견주어 보세요. 역순위 융합은 두 방법을 **똑같이** 믿습니다. 두 방법이 엇비슷하게 잘하면서 서로 다른 문서를 찾을 때에는 섞은 것이 둘보다 낫지만, 한쪽이 훨씬 못하면 잘하는 쪽까지 끌어내립니다. 섞으면 언제나 안전하다고 생각하기
# 쉬우나, 섞기 전에 각각의 점수부터 재어야 합니다.
#
# 질의의 종류에 따라 승자가 다른지도 위의 표에서 확인하세요. 종류마다 질의가 몇 개 안 되므로 그 표는 어디를 더 보아야 할지를 알려 주는 것이지 결론이 아닙니다.
#
# *왜 틀릴 수 있을까요?*
# - **질의가 적습니다.** 구간은 이 질의들이 앞으로 올 질의와 같은 부류라고 칠 때의 이야기입니다.
# - **질의의 종류를 정한 것도 사람입니다.** paraphrase가 많으면 임베딩 검색에, keyword가 많으면 키워드 검색에 유리합니다. 전체 평균 하나만 보지 말고 종류마다의 표를 함께 보세요.
# - **등급은 사람이 매겼습니다.** 질의를 쓴 사람이 미처 읽지 못한 맞는 문서는 0으로 셉니다. 모든 방법에 똑같이 불리하지는 않습니다. 임베딩 검색이 뜻밖의 맞는 문서를 찾아도 0점입니다.
# - **모델이 불리한 까닭이 하나 더 있습니다.** `korean-sts`는 짧은 문장의 쌍을 배웠는데, 여기서는 짧은 질의와 아주 **긴** 문서를 견줍니다. 게다가 문서를 끝까지 읽지도 못합니다. 얼마나 읽는지 다음 절에서 재어 봅시다.

# %% [markdown]
# ## 8. 긴 문서: 보이지 않는 뒷부분
#
# 모델은 한 번에 읽는 토큰의 수(`max_seq_length`)가 정해져 있고, 넘치는 부분은 **말없이 버립니다**.
#
# > **예측해 보세요.** 특허 요약에서 모델이 실제로 읽는 비율은 얼마나 될까요?

# %%
predict("08-visible", choices=["90%보다 많다", "60~90%", "30~60%", "30%보다 적다"], mine=None)

# %%
limit = sbert.max_seq_length - 2                                               # [CLS]와 [SEP]의 자리를 뺍니다
offsets = sbert.tokenizer(abstracts, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)["offset_mapping"]
lengths = np.array([len(found) for found in offsets])
visible = np.minimum(1, limit / lengths)
compare("08-visible", 1 if visible.mean() > 0.9 else 2 if visible.mean() > 0.6 else 3 if visible.mean() > 0.3 else 4)
seen = [text[: found[min(limit, len(found)) - 1][1]] for text, found in zip(abstracts, offsets)]       # 모델이 읽는 앞부분
cut = int(np.argmax(lengths))
swapped = seen[cut] + " 이 뒤로는 우주선과 김치에 관한 아무 이야기나 적어 봅니다." * 20
assert np.allclose(sbert.encode([swapped]), doc_emb[[cut]], atol=1e-4)         # 뒷부분을 통째로 바꾸어도 벡터가 같습니다
print(f"요약의 토큰 수: 중앙값 {np.median(lengths):.0f}개(가장 긴 것 {lengths.max()}개), 모델이 읽는 것 {limit}개")
print(f"읽는 비율: 평균 {visible.mean():.0%}. 끝까지 읽는 요약은 {np.mean(lengths <= limit):.0%}")
print(f"가장 긴 요약에서 읽히는 마지막 글자들: … {seen[cut][-30:]}")
print("그 뒤를 우주선과 김치 이야기로 바꾸어도 벡터는 그대로입니다.")

fig, axis = plt.subplots(figsize=(7, 3.2))
axis.hist(lengths, bins=25)
axis.axvline(limit, color="#D55E00", linewidth=2)
on_left = limit > 0.35 * lengths.max()                                         # 막대를 가리지 않는 쪽에 적습니다
axis.text(limit, axis.get_ylim()[1] * 0.93, "여기까지만 읽습니다 " if on_left else " 여기까지만 읽습니다", color="#D55E00", va="top", ha="right" if on_left else "left")
axis.set(xlabel="요약의 토큰 수", ylabel="문서 수", xlim=(0, None), title="요약의 길이와 모델이 읽는 한계")
show(fig, alt=f"요약 {len(df)}편의 토큰 수 히스토그램. {lengths.min()}개에서 {lengths.max()}개 사이이고 중앙값은 {np.median(lengths):.0f}개인데, 세로선으로 그린 한계는 {limit}개이다.")

# %% [markdown]
# `encode`는 오류도 경고도 내지 않습니다. 벡터는 멀쩡해 보이지만 글의 앞부분만의 벡터입니다. 해결책은 셋입니다.
#
# 1. **더 길게 읽습니다.** `max_seq_length`를 모델의 위치 임베딩(position embedding)이 허락하는 데까지 늘립니다. 위치 임베딩의 수보다 길게는 읽을 수 없고, 그렇게 긴 글로 문장 목적을 배운 적도 없습니다.
# 2. **창으로 나누어 평균합니다.** 글을 모델이 다 읽을 수 있는 조각(창)으로 나누어 조각마다 벡터를 얻고 평균합니다.
# 3. **창으로 나누어 가장 가까운 조각을 씁니다.** 문서의 점수를 질의와 가장 가까운 조각의 점수로 합니다. 긴 글의 한 대목만 물어볼 때 알맞습니다.
#
# 2번에는 2절의 **평균 빼기**를 더한 것도 함께 잽니다. 더 읽는 것이 정말 도움이 되는지 알아보려고, 거꾸로 **절반만 읽은** 것도 잽니다. 특허 요약은 모두 특허의 말투이므로 공통 방향이 클 만합니다. 뺄 평균은 문서에서만 구합니다.
#
# ### ✏️ 연습 8-6 (2점): 창의 자리
# 토큰 수 `n`, 창의 크기 `size`, 보폭 `stride`(1 ≤ stride ≤ size)를 받아 창의 (시작, 끝) 목록을 돌려주는 `window_places`를 완성하세요. 첫 창은 0에서 시작하고, 다음 창은 `stride`만큼 뒤에서 시작합니다. 끝이 n에 닿으면
# 멈춥니다. 마지막 창의 끝은 n이며(그 창은 `size`보다 짧을 수 있습니다), `n`이 `size`보다 작거나 같으면 창은 하나입니다.
#
# <details><summary>힌트 1</summary> 끝은 <code>min(start + size, n)</code>입니다. 끝이 n에 <b>닿은</b> 창에서 멈추지 않으면, 앞 창 안에 다 들어 있는 조각이 덤으로 생깁니다. </details>
# <details><summary>힌트 2</summary> 창이 몇 개인지 미리 셀 필요는 없습니다. <code>while</code>로 하나씩 만들면서, 방금 만든 창의 끝을 보고 더 만들지 정하세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "08-window-places", "grade": false, "solution": true, "locked": false, "task": false}
def window_places(n, size, stride):
    ### BEGIN SOLUTION
    places = [(0, min(size, n))]
    while places[-1][1] < n:
        begin = places[-1][0] + stride
        places.append((begin, min(begin + size, n)))
    return places
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "08-window-places-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("08-window-places", points=2, hint="끝이 n을 넘지 않는지, 끝이 n에 닿은 창에서 멈추는지, 시작이 stride씩 옮겨 가는지 보세요."):
    assert list(map(tuple, window_places(10, 4, 4))) == [(0, 4), (4, 8), (8, 10)], "마지막 창은 짧아도 됩니다."
    assert list(map(tuple, window_places(10, 4, 3))) == [(0, 4), (3, 7), (6, 10)], "끝이 n에 닿으면 멈춥니다."
    assert list(map(tuple, window_places(3, 4, 2))) == [(0, 3)] and list(map(tuple, window_places(4, 4, 1))) == [(0, 4)]
    assert {i for start, end in window_places(101, 20, 15) for i in range(start, end)} == set(range(101)), "빠진 토큰이 있습니다."

# %% [markdown]
# 패키지의 `retrieval.windows`는 같은 일을 하되 낱말 중간을 자르지 않도록 띄어쓰기에서 나눕니다.
#
# > **예측해 보세요.** 다 읽게 하면 따로 둔 질의의 nDCG@10은 어떻게 될까요?

# %%
predict("08-windows", choices=["분명히 오른다(구간이 0보다 위)", "다르다고 말할 수 없다", "분명히 떨어진다(구간이 0보다 아래)"], mine=None)

# %%
pieces, owner = retrieval.windows(abstracts, sbert.tokenizer, limit, overlap=by_profile(smoke=0.0, laptop=0.25, gpu=0.5))
start = time.perf_counter()
piece_emb = similarity.unit_rows(sentence_bert.encode(sbert, pieces, cache=False))          # (조각, d)
print(f"조각 {len(pieces)}개(요약 한 편에 {len(pieces) / len(df):.1f}개)를 벡터로 바꾸는 데 {time.perf_counter() - start:.1f}초 (앞부분만 읽을 때 {seconds:.1f}초)")
window_emb = np.array([piece_emb[owner == number].mean(axis=0) for number in range(len(df))])
piece_scores = meaning_scores(query_texts, piece_emb)                          # (Q, 조각)
ways = {
    "앞부분만": methods["임베딩 (korean-sts)"],
    "창의 평균": meaning_scores(query_texts, window_emb),
    "가장 가까운 창": np.stack([piece_scores[:, owner == number].max(axis=1) for number in range(len(df))], axis=1),
}
middle = window_emb.mean(axis=0)                                               # 특허 요약 전체의 공통 방향 (질의와 정답은 쓰지 않습니다)
ways["창의 평균, 문서 전체의 평균을 뺌"] = geometry.similarity_scores(sentence_bert.encode(sbert, query_texts) - middle, window_emb - middle)
longest = bert.config.max_position_embeddings
before_length = sbert.max_seq_length
other_lengths = {f"앞부분의 절반만({before_length // 2}토큰)": before_length // 2}
if longest > before_length:
    other_lengths[f"더 길게({longest}토큰까지)"] = longest
else:
    print(f"이 모델은 위치 임베딩이 {longest}개이고 이미 {before_length}토큰을 읽습니다. 첫째 해결책(더 길게 읽기)은 쓸 수 없습니다.")
for name, tokens_read in other_lengths.items():
    sbert.max_seq_length = tokens_read
    ways[name] = meaning_scores(query_texts, sentence_bert.encode(sbert, abstracts))
sbert.max_seq_length = before_length
long_table = retrieval.compare_methods(ways, relevant, "앞부분만")
mean_row = long_table.loc["창의 평균"]
compare("08-windows", 1 if mean_row.difference_low > 0 else 3 if mean_row.difference_high < 0 else 2)
pd.DataFrame({"nDCG@10": [f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" for _, row in long_table.iterrows()],
              "앞부분만 읽을 때와의 차이": [f"{row['difference']:+.3f} [{row['difference_low']:+.3f}, {row['difference_high']:+.3f}]" if row["difference"] == row["difference"] else ""
                                for _, row in long_table.iterrows()]}, index=long_table.index.rename("방법"))

# %%
final = {BASE: methods[BASE], "TF-IDF (글자 2–3그램)": methods["TF-IDF (글자 2–3그램)"], "임베딩, 앞부분만": ways["앞부분만"], "임베딩, 창의 평균": ways["창의 평균"],
         "임베딩, 창의 평균, 평균을 뺌": ways["창의 평균, 문서 전체의 평균을 뺌"],
         "하이브리드 (BM25 + 창의 평균, 평균을 뺌)": retrieval.rank_fusion(methods[BASE], ways["창의 평균, 문서 전체의 평균을 뺌"]),
         "하이브리드 (BM25 + 글자 TF-IDF)": retrieval.rank_fusion(methods[BASE], methods["TF-IDF (글자 2–3그램)"])}
final_table = retrieval.compare_methods(final, relevant, BASE)
for name, row in final_table.dropna(subset=["difference"]).iterrows():
    verdict = "높습니다" if row.difference_low > 0 else "낮습니다" if row.difference_high < 0 else "다르다고 말할 수 없습니다"
    print(f"{name}: {row['mean']:.3f}, {BASE}보다 {row.difference:+.3f} [{row.difference_low:+.3f}, {row.difference_high:+.3f}] → {verdict}")
own = final_table[final_table.index.str.startswith("임베딩")]
if (own.difference_low > 0).any():
    print("\n결론: 이 질의들에서는 작은 문장 모델을 쓰는 방법 가운데 키워드 검색(BM25)을 앞서는 것이 있습니다.")
elif (own.difference_high < 0).all():
    print("\n결론: 이 질의들에서는 작은 문장 모델만으로는 키워드 검색(BM25)에 뒤집니다.")
else:
    print("\n결론: 이 질의들로는 작은 문장 모델과 키워드 검색(BM25)의 우열을 가릴 수 없습니다.")
shown_table(final_table)

# %% [markdown]
# 먼저 앞의 표를 봅시다. 절반만 읽어도 점수가 그대로이거나 창으로 다 읽어도 오르지 않는다면, 점수를 막고 있는 것은 길이가 아닙니다. 읽지 못한 뒷부분이 눈에 띄는 흠이라고 해서 그것이 **가장 큰** 까닭인 것은 아닙니다.
#
# 모델이 키워드 검색을 이기지 못한다면 다른 까닭을 둘 생각할 수 있습니다. 이 모델이 읽은 글은 영화 리뷰와 일상의 문장이어서 특허의 전문 용어를 가려내는 법을 배운 적이 없고, 짧은 문장의 쌍을 배웠을 뿐 질의와 긴 문서의
# 짝을 배운 적이 없습니다. 둘째를 고치는 것이 09강입니다.
#
# 하이브리드의 두 줄을 견주어 보세요. BM25에 **임베딩**을 섞은 것과 **또 다른 낱말 방법**을 섞은 것의 차이가, 임베딩이 낱말로는 얻을 수 없는 정보를 보탰는지를 말해 줍니다. 임베딩을 섞어 좋아졌더라도 낱말 방법을 섞은 것보다 높지 않으면,
# 둘을 섞었기 때문에 좋아진 것일 뿐입니다. 임베딩을 섞어 떨어졌다면 그 정보보다 잡음을 더 많이 보탠 것입니다.
#
# *왜 틀릴 수 있을까요?* 평균은 대목마다의 뜻을 흐립니다. 문서가 길고 여러 주제를 담을수록 "가장 가까운 창"이 나을 수 있고, 그 대신 긴 문서는 창이 많아서 우연히 가까운 창을 가질 기회도 많습니다. 어느 쪽이 나은지는 글마다 다르므로 재어 보아야 합니다.

# %% [markdown]
# ## 9. 거의 같은 문서 찾기
#
# 같은 발명을 다른 말로 다시 출원한 글을 찾아내는 일(중복 검사)을 해 봅시다. 132편에서 쌍은 8,646개이고 그 가운데 진짜는 24개뿐입니다. 창의 평균에서는 문서 전체의 평균을 빼고 잽니다. 코사인이 임곗값(threshold)보다 큰 쌍을 "같은 발명"이라고 합니다.
#
# > **예측해 보세요.** 코사인이 가장 큰 24쌍 가운데 진짜는 몇 쌍일까요?

# %%
predict("08-duplicates", choices=["18쌍보다 많다", "12~18쌍", "6~11쌍", "6쌍보다 적다"], mine=None)

# %%
from sklearn.metrics import average_precision_score

first, second = np.triu_indices(len(df), 1)
truth = np.zeros((len(df), len(df)), bool)
for copy, of in copies:
    truth[copy, of] = truth[of, copy] = True
is_copy, n_copies = truth[first, second], len(copies)
field = df.field.to_numpy(str)
similarities = {"임베딩, 앞부분만": geometry.similarity_scores(doc_emb, doc_emb), "임베딩, 창의 평균": geometry.similarity_scores(window_emb - middle, window_emb - middle),
                "TF-IDF (형태소)": retrieval.tfidf_scores(document_tokens, document_tokens),
                "TF-IDF (글자 2–3그램)": retrieval.tfidf_scores(document_ngrams, document_ngrams)}
rows, half = [], np.isin(field, sorted(set(field))[::2])                       # 분야의 절반에서 임곗값을 고르고, 나머지 절반에서 잽니다


def best_threshold(values, labels):
    cuts = np.unique(values)[::-1][:200]
    f1 = [2 * (labels & (values >= c)).sum() / (labels.sum() + (values >= c).sum()) for c in cuts]
    return cuts[int(np.argmax(f1))]


for name, matrix in similarities.items():
    values = matrix[first, second]
    hits = is_copy[np.argsort(-values)[:n_copies]].sum()
    measured = []
    for choosing in (half, ~half):
        inside, outside = choosing[first] & choosing[second], ~choosing[first] & ~choosing[second]
        threshold = best_threshold(values[inside], is_copy[inside])
        claimed = values[outside] >= threshold
        measured.append(((claimed & is_copy[outside]).sum(), claimed.sum(), is_copy[outside].sum()))
    right, said, real = np.sum(measured, axis=0)
    rows.append({"방법": name, f"위의 {n_copies}쌍 가운데 진짜": f"{hits}쌍", "평균 정밀도": f"{average_precision_score(is_copy, values):.3f}",
                 "따로 고른 임곗값에서 정밀도": f"{right / max(said, 1):.2f} ({right}/{said})", "재현율": f"{right / real:.2f} ({right}/{real})"})
values = similarities["임베딩, 창의 평균"][first, second]
found = int(is_copy[np.argsort(-values)[:n_copies]].sum())
compare("08-duplicates", 1 if found > 18 else 2 if found >= 12 else 3 if found >= 6 else 4)
ranks_of = {name: reciprocal_ranks(np.where(np.eye(len(df), dtype=bool), -np.inf, matrix)[[i for i, _ in copies]], [of for _, of in copies]) for name, matrix in similarities.items()}
for name in list(similarities)[:2] + list(similarities)[3:]:
    gap = ranks_of[name] - ranks_of["TF-IDF (형태소)"]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"다시 쓴 글에서 원래 글을 찾을 때의 MRR: {name} {ranks_of[name].mean():.3f}, TF-IDF (형태소)와의 차이 {gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
print(f"(TF-IDF (형태소) {ranks_of['TF-IDF (형태소)'].mean():.3f}, 글 {n_copies}편)")
print(f"아무렇게나 줄을 세우면 평균 정밀도는 {is_copy.mean():.3f}쯤입니다(쌍 {len(is_copy):,}개 가운데 {n_copies}개).")
pd.DataFrame(rows).set_index("방법")

# %%
same_field = (field[first] == field[second]) & ~is_copy
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6))
for axis, name in zip(axes, ("임베딩, 창의 평균", "TF-IDF (형태소)")):
    values = similarities[name][first, second]
    groups = {"다른 분야": values[~same_field & ~is_copy], "같은 분야": values[same_field], "같은 발명": values[is_copy]}
    for height, v in enumerate(groups.values(), 1):
        axis.plot(np.quantile(v, [0.025, 0.975]), [height, height], color="#0072B2", linewidth=1.2)
        axis.plot(np.quantile(v, [0.25, 0.75]), [height, height], color="#0072B2", linewidth=7, solid_capstyle="butt")
        axis.plot(np.median(v), height, "o", color="#D55E00")
    axis.set_yticks([1, 2, 3], [f"{group} ({len(v):,}쌍)" for group, v in groups.items()])
    axis.set(xlabel="코사인 (점: 중앙값, 굵은 선: 가운데 절반, 가는 선: 95%)", title=name, ylim=(0.5, 3.5))
fig.tight_layout()
medians = {name: [np.median(similarities[name][first, second][which]) for which in (is_copy, same_field, ~same_field & ~is_copy)] for name in ("임베딩, 창의 평균", "TF-IDF (형태소)")}
show(fig, alt="같은 발명, 같은 분야, 다른 분야인 쌍의 코사인의 분포(중앙값, 가운데 절반, 95%). " + "; ".join(f"{name}의 중앙값은 차례로 {m[0]:.2f}, {m[1]:.2f}, {m[2]:.2f}" for name, m in medians.items()) + ".")

# %% [markdown]
# 표의 평균 정밀도는 우연의 값과 견주고, 방법끼리의 우열은 MRR의 차이와 그 구간으로 봅니다. 그림에서는 "같은 발명"의 선이 다른 두 선과 **겹치지 않는지**를 보세요. 중앙값이 높아도 선이 많이 겹치면, 다른 분야의 쌍이 수백 배 많으므로 위쪽은 그 쌍들이 차지합니다.
#
# 임곗값은 자료의 절반에서 고르고 **나머지 절반에서** 쟀습니다. 임곗값을 고른 자료로 재면 운 좋은 임곗값의 점수를 실력으로 착각하게 됩니다. 그리고 임곗값은 모델마다 다릅니다. "코사인 0.8이면 같은 글"이라는 규칙은 없습니다. 선의 자리가 두
# 방법에서 얼마나 다른지 보세요.
#
# *왜 틀릴 수 있을까요?* 여기서 다시 쓴 글은 시험하려고 **일부러 낱말을 바꾼** 것입니다. 실제의 중복 출원에 문장을 그대로 옮긴 것이 많다면 낱말로 찾기가 훨씬 쉬울 것입니다.

# %% [markdown]
# ## 10. 문서의 지도
#
# 문서 벡터를 평면에 그려 봅니다. 임베딩(전체의 평균을 뺀 것)과 TF-IDF를 나란히 놓습니다. 05강에서 배운 대로 t-SNE의 그림은 이웃 관계를 보여 주지만 거리와 크기는 믿을 수 없습니다. 그래서 그림이 원래 공간의 이웃을 얼마나 지켰는지를 함께 적습니다.

# %%
keyword_vectors = TfidfVectorizer(analyzer=list).fit_transform(document_tokens).toarray()
spaces = {"임베딩, 창의 평균": window_emb - middle, "TF-IDF (형태소)": keyword_vectors}
maps = {name: projection.project(vectors, "tsne", start="informed", neighbours=12) for name, vectors in spaces.items()}
codes = np.array([name[:4] for name in field])
is_trap = (kinds.set_index("id").loc[df.id, "kind"] == "trap").to_numpy()


def same_field_nearby(distances, k=5):
    """문서마다 가까운 k편 가운데 같은 분야인 것의 비율."""
    distances = np.where(np.eye(len(distances), dtype=bool), np.inf, distances)
    return (codes[:, None] == codes[np.argsort(distances, axis=1)[:, :k]]).mean(axis=1)


in_space = {name: same_field_nearby(cosine_distances(vectors)) for name, vectors in spaces.items()}
on_map = {name: same_field_nearby(np.linalg.norm(points[:, None] - points[None], axis=2)) for name, points in maps.items()}
kept = {name: projection.neighbour_overlap(maps[name], similarity.unit_rows(vectors), k=10) for name, vectors in spaces.items()}

fig, axes = plt.subplots(1, 2, figsize=(12, 5.2))
for axis, (name, points) in zip(axes, maps.items()):
    for number, full_name in enumerate(sorted(set(field))):
        mine = field == full_name
        axis.plot(*points[mine].T, "os^Dvp"[number % 6], color=plots.OKABE_ITO[number % len(plots.OKABE_ITO)], markersize=6, linestyle="none", label=full_name)
    axis.plot(*points[is_trap].T, "o", markersize=12, markerfacecolor="none", color="black", markeredgewidth=0.8, label="함정 글")
    axis.set(xticks=[], yticks=[], title=name)
axes[1].legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
fig.tight_layout()
show(fig, alt=f"특허 {len(df)}편을 t-SNE로 평면에 그린 지도 둘. 분야 12개를 모양과 색으로, 함정 글을 검은 동그라미로 나타냈다. 가까운 다섯 편이 같은 분야인 비율은 "
              + "; ".join(f"'{name}'의 원래 공간에서 {in_space[name].mean():.0%}, 그림에서 {on_map[name].mean():.0%}" for name in spaces) + "이다.")
by_embedding, by_keyword = in_space.values()
low, high = evaluation.bootstrap_interval(np.mean, by_embedding)
gap_low, gap_high = evaluation.bootstrap_interval(np.mean, by_embedding - by_keyword)
scrambled = [same_field_nearby(cosine_distances(window_emb[np.random.default_rng(seed).permutation(len(df))])).mean() for seed in range(20)]
print(f"가까운 다섯 편이 같은 분야인 비율: 임베딩 {by_embedding.mean():.3f} [{low:.3f}, {high:.3f}], TF-IDF {by_keyword.mean():.3f}, "
      f"차이 {np.mean(by_embedding - by_keyword):+.3f} [{gap_low:+.3f}, {gap_high:+.3f}], 문서를 뒤섞으면 {min(scrambled):.3f}~{max(scrambled):.3f}")
for label, which in ((f"함정 글 {is_trap.sum()}편", is_trap), (f"나머지 {(~is_trap).sum()}편", ~is_trap)):
    print(f"{label}: 임베딩 {by_embedding[which].mean():.3f}, TF-IDF {by_keyword[which].mean():.3f}")
print("원래 공간의 이웃 열 편 가운데 그림에서도 이웃인 것: " + ", ".join(f"{name} {share:.0%}" for name, share in kept.items()))

# %% [markdown]
# 분야의 이름은 어느 쪽에도 알려 준 적이 없습니다. 같은 분야의 글이 어느 만큼 모이는지는 위의 비율과 "뒤섞으면"의 비율을 견주어 보세요. 검은 동그라미는 다른 분야의 낱말을 일부러 많이 넣은 **함정 글**입니다. 제 분야의 무리에 있는지,
# 낱말에 끌려갔는지 찾아보고, 함정 글과 나머지의 비율이 정말 다른지 위에 출력된 수로 확인하세요.
#
# *왜 틀릴 수 있을까요?* 그림에서 떨어져 보이는 두 무리가 원래 공간에서도 먼 것은 아닙니다. 시드나 조절값을 바꾸면 무리의 자리가 달라집니다(05강). 그림은 질문을 떠올리는 데 쓰고, 대답은 원래 공간에서 잰 수로 합니다.

# %% [markdown]
# ## 11. 차원을 줄이면
#
# 문서가 천만 편이면 256차원의 벡터도 10 GB입니다. 차원을 줄이면 기억 장소와 검색 시간이 줄어듭니다. 세 가지로 줄여 봅니다.
#
# - **앞의 k차원만** 남깁니다. 마트료시카 표현 학습(Matryoshka representation learning)은 앞쪽 차원에 중요한 것이 담기도록 가르쳐서 이렇게 잘라도 되게 합니다. 우리 모델은 그렇게 배우지 않았습니다.
# - **무작위로 k차원**을 고릅니다.
# - **PCA**로 넓게 퍼진 k방향에 비춥니다. 방향은 문서에서만 구하고 질의에는 적용만 합니다.
#
# > **예측해 보세요.** 앞의 64차원만 남기면 nDCG@10은 원래의 몇 %가 될까요?

# %%
predict("08-dimensions", choices=["95%보다 많다", "80~95%", "50~80%", "50%보다 적다"], mine=None)

# %%
query_emb = sentence_bert.encode(sbert, query_texts)
assert np.allclose(sbert.encode(query_texts[:2], truncate_dim=16), query_emb[:2, :16], atol=1e-5)      # 라이브러리의 truncate_dim = 앞을 자르기
width = doc_emb.shape[1]
directions = np.linalg.svd(window_emb - middle, full_matrices=False)[2]        # (132, d)


def ndcg_of(queries_reduced, documents_reduced):
    return evaluation.retrieval_metrics(geometry.similarity_scores(queries_reduced, documents_reduced), relevant).ndcg.to_numpy()


whole = ndcg_of(query_emb, window_emb)
dimensions = [k for k in by_profile(smoke=(8, 64), laptop=(4, 8, 16, 32, 64, 128), gpu=(4, 8, 16, 32, 64, 128, 192)) if k < width]
curves = {"앞의 k차원": [], "무작위 k차원 (시드 3개의 평균)": [], "PCA k방향": []}
for k in dimensions:
    curves["앞의 k차원"].append(ndcg_of(query_emb[:, :k], window_emb[:, :k]))
    picks = [np.random.default_rng(seed).choice(width, k, replace=False) for seed in range(3)]
    curves["무작위 k차원 (시드 3개의 평균)"].append(np.mean([ndcg_of(query_emb[:, pick], window_emb[:, pick]) for pick in picks], axis=0))
    curves["PCA k방향"].append(ndcg_of((query_emb - middle) @ directions[:k].T, (window_emb - middle) @ directions[:k].T))
share_64 = np.mean(curves["앞의 k차원"][dimensions.index(64)]) / whole.mean()
compare("08-dimensions", 1 if share_64 > 0.95 else 2 if share_64 > 0.8 else 3 if share_64 > 0.5 else 4)

fig, axis = plt.subplots(figsize=(7, 3.8))
for (name, points), marker in zip(curves.items(), "osD"):
    centre_line = [each.mean() for each in points]
    bounds = np.array([evaluation.bootstrap_interval(np.mean, each) for each in points])
    axis.plot(dimensions, centre_line, f"{marker}-", label=name)
    axis.fill_between(dimensions, *bounds.T, alpha=0.12)
axis.axhline(whole.mean(), color="black", linewidth=0.8, linestyle="--")
axis.text(dimensions[0], whole.mean(), f" {width}차원 그대로", va="bottom")
no_model = table.loc["무작위 순서", "mean"]
axis.axhline(no_model, color="black", linewidth=0.8, linestyle=":")
axis.text(dimensions[-1], no_model, "무작위 순서 ", va="bottom", ha="right")
axis.set(xscale="log", xlabel="남긴 차원 (로그)", ylabel="nDCG@10", title="차원을 줄이면 (띠: 95% 구간)")
axis.set_xticks(dimensions, [str(k) for k in dimensions])
axis.minorticks_off()
axis.legend()
show(fig, alt=f"남긴 차원에 따른 nDCG@10 곡선. {width}차원 그대로는 {whole.mean():.2f}, 무작위 순서는 {no_model:.2f}. " + "; ".join(
    f"{name}: {dimensions[0]}차원에서 {points[0].mean():.2f}, 64차원에서 {points[dimensions.index(64)].mean():.2f}" for name, points in curves.items()) + ".")
for name, points in curves.items():
    gap = points[dimensions.index(64)] - whole
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"64차원, {name}: 원래의 {points[dimensions.index(64)].mean() / whole.mean():.0%}, 차이 {gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
print(f"문서 천만 편의 크기(4바이트 수): {width}차원 {1e7 * width * 4 / 1e9:.1f} GB, 64차원 {1e7 * 64 * 4 / 1e9:.1f} GB")

# %% [markdown]
# 비율을 읽기 전에 출발점부터 보세요. 원래의 점수가 무작위 순서에 가깝다면 "원래의 95%"라는 말은 잃을 것이 별로 없었다는 뜻일 뿐입니다. 그래서 비율과 함께 차이의 구간을 적었습니다.
#
# 앞의 k차원과 무작위 k차원이 비슷하다면, 우리 모델에서는 앞쪽 차원이 특별하지 않다는 뜻입니다. PCA는 평균을 빼는 효과(2절)도 함께 얻으므로 원래보다 높게 나올 수도 있습니다. 차원을 줄인 덕이 아니라 평균을 뺀 덕일 수 있다는 점을
# 기억하세요.
#
# *왜 틀릴 수 있을까요?* 문서가 132편뿐이라 PCA의 방향은 132개를 넘을 수 없고, 비슷한 문서가 적어 거친 벡터로도 가려낼 수 있습니다. 문서가 많아질수록 가까운 경쟁자가 늘어나므로 더 많은 차원이 필요합니다.

# %% [markdown]
# ## 12. 퀴즈

# %%
quiz("08-q-pooling", "배치에 긴 문장이 하나 섞이자 같은 문장의 벡터가 달라졌습니다. 가장 의심스러운 것은?", choices=[
    "학습률", "평균 풀링에서 [PAD]를 세었다", "코사인 대신 내적을 썼다",
], answer=2, why="[PAD]의 수는 배치에서 가장 긴 문장이 정합니다. 마스크를 곱해 [PAD]를 빼면 배치와 상관없이 같은 벡터가 나옵니다.")

# %%
quiz("08-q-pairs", "문서 2,000편에서 가장 닮은 두 편을 크로스 인코더로 찾으려면 모델을 몇 번 불러야 합니까?", unit="번", answer=1999000,
     why="2,000 × 1,999 ÷ 2 = 1,999,000번입니다. 바이 인코더는 2,000번입니다.")

# %%
quiz("08-q-triplet", "d(a, p) = 0.3, d(a, n) = 0.4, 마진이 0.2일 때 삼중항 손실은?", digits=1, answer=0.1, why="0.3 − 0.4 + 0.2 = 0.1입니다. n이 p보다 멀지만 마진만큼은 아닙니다.")

# %%
quiz("08-q-paired", "두 방법의 nDCG 구간은 [0.55, 0.75]와 [0.60, 0.80]으로 겹치는데 짝지은 차이(둘째 − 첫째)의 구간은 [0.02, 0.09]입니다. 알맞은 말은?", choices=[
    "구간이 겹치므로 차이가 없다", "둘째가 높다고 말할 수 있다", "아무 말도 할 수 없다",
], answer=2, why="같은 질의끼리 뺀 차이의 구간이 0을 품지 않습니다. 따로 그린 구간이 겹치는 것은 질의마다 어려움이 다르기 때문입니다.")

# %%
quiz("08-q-long", "문서의 뒷부분을 모두 고쳐 썼는데 문서 벡터가 조금도 변하지 않았습니다. 까닭은?", choices=[
    "모델이 뜻이 같다고 판단했다", "max_seq_length를 넘는 부분은 읽지 않는다", "평균 풀링은 순서를 보지 않는다",
], answer=2, why="넘치는 토큰은 말없이 버려집니다. 창으로 나누어 읽어야 합니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 글마다 한 번 읽어 벡터로 두면 쌍의 수만큼 읽지 않아도 됩니다. 토큰 벡터를 모을 때는 `[PAD]`를 세지 않습니다.
# - 마스크 언어 모델로만 배운 BERT는 토큰 벡터의 평균이 뜻을 담도록 배운 적이 없습니다. 글자 TF-IDF와 견주어 보기 전에는 좋다고 말할 수 없습니다.
# - 샴 신경망은 같은 인코더를 두 번 부르고, 자료에 따라 분류, 회귀, 삼중항 목적으로 가르칩니다. "비슷하다"의 뜻은 가르친 자료가 정합니다.
# - 키워드 검색과 임베딩 검색은 서로 다른 곳에서 실패합니다. 따로 둔 질의, 짝지은 차이, 구간으로 비교합니다. 순위를 섞는 것은 두 방법이 엇비슷하게 잘할 때에 도움이 되고, 한쪽이 훨씬 못하면 해가 됩니다.
# - 긴 글의 뒷부분은 말없이 버려집니다. 토큰 수를 세고, 창으로 나누어 읽고, 그래서 나아졌는지 잽니다.
#
# ## 더 나아가
# - Reimers & Gurevych(2019), *Sentence-BERT*: 이 강의의 바탕. 풀링과 목적 함수를 하나씩 빼고 재는 표(ablation)가 있습니다.
# - Gao, Yao & Chen(2021), *SimCSE*: 같은 문장을 두 번 읽은 것을 긍정 쌍으로 삼는 대조 학습. Li 외(2020)와 Su 외(2021)는 가르치지 않고 벡터 공간만 펴서 비등방성을 줄입니다.
# - Ham 외(2020): KorNLI와 KorSTS.
# - Thakur 외(2021), *BEIR*: 열여덟 가지 검색 자료에서 BM25가 얼마나 강한지, 분야가 바뀌면 임베딩이 얼마나 약해지는지를 보입니다.
# - Khattab & Zaharia(2020), *ColBERT*: 글 하나에 벡터 하나가 아니라 토큰마다 벡터를 두어 늦게 견줍니다. Kusupati 외(2022): 마트료시카 표현.
# - Robertson & Zaragoza(2009): BM25의 유도. Cormack, Clarke & Büttcher(2009): 역순위 융합.
#
# 다음: [09 삼중항 손실과 미세 조정](09_triplet_loss.ipynb)
