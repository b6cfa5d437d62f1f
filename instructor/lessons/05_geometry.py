# %% [markdown]
# # 05 · 의미의 기하: 거리, 유추, 검색, 그리고 공간의 모양
#
# > *English summary. Cosine, inner product and Euclidean distance agree on unit vectors (proof and test) and disagree on raw ones.
# > We solve analogies and see how much excluding the inputs gives away, search documents with TF-IDF, BM25 and averaged word vectors,
# > find clusters, ask what of a PCA, t-SNE or UMAP picture survives another seed, watch distances concentrate, and measure and
# > mend anisotropy and hubs. Every comparison comes with an interval.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 코사인, 내적, 유클리드 거리의 순서가 언제 같고 언제 다른지 증명하고 확인합니다.
# - 유추를 3CosAdd와 3CosMul로 풀고, 입력 낱말을 답에서 빼는 관행이 점수를 얼마나 올려 주는지 잽니다.
# - 질의와 문서를 TF-IDF, BM25, 낱말 벡터의 평균으로 비교하고, 희소 벡터와 밀집 벡터 가운데 무엇이 언제 나은지 말합니다.
# - PCA, t-SNE, UMAP 그림에서 믿어도 되는 것과 안 되는 것을 구별합니다.
# - 차원의 저주, 비등방성, 허브를 재고, 고친 것이 쓸모까지 바꾸는지 확인합니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 120분쯤 걸립니다.
#
# **앞선 내용.** [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 낱말 벡터와 짝지은 차이의 구간. [03 Word2Vec](03_word2vec.ipynb)의 스킵그램(skip-gram) 벡터를
# 7절에서, [04 GloVe](04_glove.ipynb)를 8절에서 씁니다.

# %% tags=["imports"]
import time
from collections import Counter

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy import sparse
from scipy.stats import rankdata, skew, spearmanr

from lab_utils import by_profile, check, compare, predict, quiz, show, summary
from lab_utils import cooccurrence, datasets, evaluation, geometry, pmi, projection, similarity, svd, tokenization
from lab_utils.skipgram import SkipGram

# %% [markdown]
# ## 1. 무엇이 가까운가: 세 가지 잣대
#
# 벡터가 있으면 "가깝다"를 재야 합니다. 흔히 쓰는 잣대는 셋입니다.
#
# | 잣대 | 식 | 가까우면 |
# |---|---|---|
# | 내적(inner product) | $u \cdot v = \sum_i u_i v_i$ | 크다 |
# | 코사인(cosine) | $\dfrac{u \cdot v}{\lVert u \rVert \lVert v \rVert}$ | 크다 (−1에서 1 사이) |
# | 유클리드 거리(Euclidean distance) | $\lVert u - v \rVert$ | 작다 |
#
# 코사인은 방향만 보고, 내적은 방향과 길이를 함께 봅니다. 거리도 둘을 다 보지만 섞는 식이 다릅니다. 02강의 벡터(백과사전의 PPMI를 SVD로 100차원으로 줄인 것)로 견주어 봅시다.

# %%
encyclopedia = datasets.load("encyclopedia")
folder = datasets.fetch("encyclopedia").parent
categories = pd.read_csv(folder / "categories.tsv", sep="\t")
analogies = pd.read_csv(folder / "analogies.tsv", sep="\t")
tokens = list(tokenization.morphemes(encyclopedia.sentence, cache="encyclopedia", progress=False))
counts, vocabulary = cooccurrence.count_cooccurrences(tokens, window=5, min_count=5)
U, S, Vt = svd.truncated_svd(pmi.ppmi(counts, smoothing=0.75), k=100)
vectors = svd.word_vectors(U, S, power=0.5).astype(float)                    # (V, 100)
lengths = np.linalg.norm(vectors, axis=1)


def with_counts(numbers):
    return " ".join(f"{vocabulary.words[i]}({vocabulary.counts[i]:,}번)" for i in numbers)


print(f"낱말 {len(vocabulary):,}개 × {vectors.shape[1]}차원. "
      f"벡터의 길이: 중앙값 {np.median(lengths):.2f}, 가장 짧은 것 {lengths.min():.2f}, 가장 긴 것 {lengths.max():.2f}")
print("가장 짧은 벡터:", with_counts(np.argsort(lengths)[:8]))
print("가장 긴 벡터:", with_counts(np.argsort(-lengths)[:8]))
print(f"길이와 낱말 횟수의 순위 상관: {spearmanr(lengths, vocabulary.counts).statistic:+.2f}")

# %% [markdown]
# > **예측해 보세요.** 길이가 제각각인 이 벡터에서 세 잣대가 고르는 이웃 열 개는 얼마나 같을까요? 그리고 모든 벡터를 제 길이로 나누어 **길이를 1로 맞춘 뒤에는** 어떨까요?

# %%
predict("05-three-measures", choices=["둘 다 거의 같다", "그대로는 다르고, 길이 1에서는 거의 같다", "그대로는 다르고, 길이 1에서는 완전히 같다", "둘 다 다르다"], mine=None)

# %%
MEASURES = {"cosine": "코사인", "inner": "내적", "euclid": "유클리드"}


def neighbours(matrix, measure, n=10):
    scores = geometry.similarity_scores(matrix, matrix, measure)
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :n]


found = {(form, m): neighbours(matrix, m)                                       # (형태, 잣대) → (V, 10) 이웃의 번호
         for form, matrix in (("그대로", vectors), ("길이 1", similarity.unit_rows(vectors))) for m in MEASURES}


def shared(a, b):
    """두 목록에서 같은 이웃의 비율"""
    return (a[:, :, None] == b[:, None, :]).any(axis=2).mean()


rows = [{"벡터": form, **{f"{MEASURES[a]}–{MEASURES[b]}": round(shared(found[form, a], found[form, b]), 3)
                         for a, b in (("cosine", "inner"), ("cosine", "euclid"), ("inner", "euclid"))}} for form in ("그대로", "길이 1")]
raw, unit = ([value for key, value in row.items() if key != "벡터"] for row in rows)
compare("05-three-measures", 4 if min(unit) < 0.9 else 1 if min(raw) > 0.9 else 3 if min(unit) == 1 else 2)
pd.DataFrame(rows)

# %% [markdown]
# 표의 수는 두 잣대가 고른 이웃 열 개 가운데 같은 것의 비율입니다. 길이를 1로 맞추면 **완전히** 같습니다. 우연이 아니라 증명할 수 있는 사실입니다.
#
# **증명.** 거리의 제곱을 펼칩니다.
#
# $$\lVert u - v \rVert^2 = \lVert u \rVert^2 + \lVert v \rVert^2 - 2\, u \cdot v$$
#
# $\lVert u \rVert = \lVert v \rVert = 1$이면 $u \cdot v = \cos(u, v)$이고 $\lVert u - v \rVert^2 = 2 - 2\cos(u, v)$입니다. $2 - 2x$는 $x$가 커지면 언제나 작아지므로,
# 코사인이 큰 순서와 거리가 작은 순서는 같습니다. ∎
#
# 길이가 제각각이면 $\lVert v \rVert$가 남습니다. 질의 $u$를 하나 정하고 $v$를 줄 세워 봅시다. 내적은 $\lVert u \rVert \lVert v \rVert \cos(u, v)$이므로 **긴** 벡터를
# 앞세웁니다. 거리는 반대입니다. $u$와 각 $\theta$를 이루는 벡터들 가운데 $u$에 가장 가까운 것은 길이가 $\lVert u \rVert \cos\theta$인 것, 곧 $u$보다 **짧은**
# 것입니다($u$의 끝에서 그 방향의 직선에 수선을 내려 보세요). 정말 그런지 봅시다.

# %%
pairs_of_rows = np.random.default_rng(0).integers(0, len(vectors), (1000, 2))
u, v = (similarity.unit_rows(vectors)[pairs_of_rows[:, side]] for side in (0, 1))
assert np.allclose(np.sum((u - v) ** 2, axis=1), 2 - 2 * np.sum(u * v, axis=1))            # 증명의 식을 1,000쌍에서 확인

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
left.boxplot([lengths[found["그대로", m]].ravel() for m in MEASURES], tick_labels=list(MEASURES.values()), showfliers=False)
left.axhline(np.median(lengths), color="#D55E00", linestyle="--", label="모든 낱말의 중앙값")
left.set(ylabel="이웃 벡터의 길이", title="이웃으로 뽑힌 벡터의 길이")
left.legend()
occurrences = {m: np.sort(np.bincount(found["그대로", m].ravel(), minlength=len(vectors)))[::-1] for m in MEASURES}
for (m, name), style in zip(MEASURES.items(), ("-", "--", ":")):
    right.plot(np.arange(1, 201), occurrences[m][:200], style, label=name, linewidth=2)
right.set(yscale="log", xlabel="많이 뽑힌 순서", ylabel="이웃으로 뽑힌 횟수 (로그)", title="같은 낱말이 몇 번이나 남의 이웃이 되는가")
right.set_yticks([20, 50, 100, 200, 500], ["20", "50", "100", "200", "500"])
right.minorticks_off()
right.legend()
medians = {name: np.median(lengths[found["그대로", m]]) for m, name in MEASURES.items()}
show(fig, alt="왼쪽: 세 잣대가 고른 이웃 벡터의 길이. 중앙값은 " + ", ".join(f"{n} {x:.2f}" for n, x in medians.items())
     + f", 모든 낱말은 {np.median(lengths):.2f}. 오른쪽: 가장 많이 이웃으로 뽑힌 낱말의 횟수는 "
     + ", ".join(f"{n} {occurrences[m][0]:,}번" for m, n in MEASURES.items()) + ".")

# %%
quality = {}
for m, name in MEASURES.items():
    listed = [vocabulary.index[w] for w in categories.word]
    scores = geometry.similarity_scores(vectors[listed], vectors[listed], m)
    np.fill_diagonal(scores, -np.inf)
    label = categories.category.to_numpy()
    quality[m] = (label[:, None] == label[np.argsort(-scores, axis=1, kind="stable")[:, :5]]).mean(axis=1)
    low, high = evaluation.bootstrap_interval(np.mean, quality[m] - quality["cosine"])
    top = " ".join(vocabulary.words[i] for i in found["그대로", m][vocabulary.index["고양이"]][:6])
    print(f"{name}: 범주 일치율 {quality[m].mean():.3f}, 코사인과의 차이 {np.mean(quality[m] - quality['cosine']):+.3f} [{low:+.3f}, {high:+.3f}] · 고양이: {top}")

# %% [markdown]
# 예상대로 내적은 긴 벡터를, 거리는 짧은 벡터를 고릅니다. 오른쪽 그림에서 유클리드의 곡선이 왼쪽 끝에서 치솟은 것을 보세요. 원점 가까이 있는 짧은 벡터 하나가 수백 낱말의 "이웃"이 됩니다. 길이는 낱말의 **횟수**와 함께 움직입니다(맨 위의 상관). 많이
# 나온 낱말일수록 대체로 길지만, 가장 짧은 것들을 보면 `는`이나 마침표처럼 **어디에나 오는** 말이 들어 있습니다. 누구와도 우연만큼만 만나므로 PMI가 0에 가깝기 때문입니다. 어느 쪽이든 이웃을 고르는 데 뜻과 함께 횟수가 끼어듭니다.
#
# 쓸모는 어떨까요? 범주가 알려진 낱말들끼리만 견주면(범주 일치율: 가까운 다섯 가운데 같은 범주의 비율) 유클리드는 조금 못하고, 내적은 코사인과 다르다고 말할 수 없습니다(차이의 구간이 0을 품습니다). 고른 이웃은 위의 표만큼 달라도 범주까지 틀리는 일은
# 드뭅니다.
#
# *왜 틀릴 수 있을까요?* 이 결과를 "코사인이 언제나 옳다"로 읽으면 안 됩니다. 길이에 쓸 만한 정보가 담길 때가 있습니다. 추천에서는 인기 있는 물건의 벡터가 길어지는 것을 이용해
# 내적으로 고르기도 하고, Word2Vec은 아예 **내적**으로 학습합니다. 학습할 때의 잣대와 찾을 때의 잣대가 같은지 살피고, 재어 보고 고르세요.

# %% [markdown]
# ### 좌표 하나하나에 뜻이 있을까요
# "각 차원은 성별, 감정 같은 의미 특성을 나타낸다"는 설명을 자주 봅니다. 시험해 봅시다. 공간을 아무렇게나 **회전**하면 좌표는 모두 달라집니다. 이웃도 달라질까요?

# %%
turn = np.linalg.qr(np.random.default_rng(0).normal(size=(100, 100)))[0]                  # 무작위 회전 (직교 행렬)
turned = vectors @ turn
cosine_before, cosine_after = (similarity.unit_rows(m) @ similarity.unit_rows(m).T for m in (vectors, turned))
cat = vocabulary.index["고양이"]
print(f"고양이의 앞 네 좌표: {vectors[cat, :4].round(2)} → {turned[cat, :4].round(2)}")
same_neighbours = shared(found["그대로", "cosine"], neighbours(turned, "cosine"))
print(f"코사인의 가장 큰 변화: {np.abs(cosine_before - cosine_after).max():.1e}, 이웃 열 개 가운데 그대로인 것의 비율: {same_neighbours:.3f}")

# %% [markdown]
# 좌표는 모두 바뀌었지만 코사인도, 이웃도 그대로입니다(내적과 거리도 같습니다: $QQ^\top = I$이면 $uQ \cdot vQ = u \cdot v$). 그러므로 이웃과 유추에 쓰이는 뜻은 **축**이 아니라
# 낱말들의 **상대적인 방향**에 있습니다. 성별 같은 특성이 어느 한 방향을 차지할 수는 있어도, 그 방향이 좌표축과 나란할 까닭은 없습니다.
#
# *왜 틀릴 수 있을까요?* 좌표에 뜻이 **있을 수 없다**는 말은 아닙니다. 줄이기 전의 희소한 PPMI 벡터에서는 열 하나가 문맥 낱말 하나이므로 좌표마다 뜻이 있습니다. 우리 시험이
# 말하는 것은 코사인과 내적과 거리로는 돌린 공간과 돌리지 않은 공간을 가릴 수 없다는 것까지입니다.

# %% [markdown]
# ### ✏️ 연습 5-1 (3점): 세 가지 잣대로 줄 세우기
# 배열 `vectors`(n×d)와 벡터 `query`(d), 그리고 `measure`("cosine", "inner", "euclid")를 받아 **가까운 것부터** 행 번호를 늘어놓은 배열을 돌려주는 `order_by`를 완성하세요. 길이가
# 0인 행의 코사인은 0으로 봅니다.
#
# <details><summary>힌트 1</summary> 유사도는 클수록, 거리는 작을수록 가깝습니다. <code>np.argsort</code>는 작은 것부터 늘어놓습니다. </details>
# <details><summary>힌트 2</summary> 0으로 나누지 않으려면 길이가 0인 곳을 1로 바꾸어 나눕니다: <code>np.where(길이 == 0, 1, 길이)</code>. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-order-by", "grade": false, "solution": true, "locked": false, "task": false}
def order_by(vectors, query, measure):
    ### BEGIN SOLUTION
    if measure == "euclid":
        return np.argsort(np.linalg.norm(vectors - query, axis=1), kind="stable")
    closeness = vectors @ query
    if measure == "cosine":
        size = np.linalg.norm(vectors, axis=1)
        closeness = closeness / np.where(size == 0, 1, size)
    return np.argsort(-closeness, kind="stable")
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-order-by-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("05-order-by", points=3, hint="코사인과 내적은 큰 것부터, 거리는 작은 것부터입니다."):
    three = np.array([[10.0, 9.0], [1.0, 0.0], [0.0, 0.0], [-1.0, 0.2]])
    asked = np.array([2.0, 0.0])
    assert list(order_by(three, asked, "inner")) == [0, 1, 2, 3]
    assert list(order_by(three, asked, "cosine")) == [1, 0, 2, 3]
    assert list(order_by(three, asked, "euclid")) == [1, 2, 3, 0]

# %% [markdown]
# ## 2. 유추: 왕 − 남자 + 여자
#
# "남자 : 왕 = 여자 : ?" 관계가 **방향**이라면 $왕 - 남자 + 여자$의 둘레에 `여왕`이 있어야 합니다. 이렇게 찾는 것을 **3CosAdd**라고 합니다. 벡터를 모두 길이 1로 맞추면
#
# $$\arg\max_{d}\ \cos(d, b) - \cos(d, a) + \cos(d, c)$$
#
# 와 같습니다($b - a + c$와의 내적을 펼친 것입니다). 관행에 따라 $a$, $b$, $c$ 자신은 답에서 **뺍니다**. 왜 빼는지, 빼지 않으면 어떻게 되는지 봅시다.
#
# > **예측해 보세요.** 왕, 남자, 여자를 답에서 빼지 않으면 1등은 무엇일까요?

# %%
predict("05-king", choices=["여왕", "왕", "여자", "다른 낱말"], mine=None)

# %%
everything = evaluation.analogy(vectors, vocabulary, "남자", "왕", "여자", n=5, exclude_inputs=False)
first_place = everything[0][0]
compare("05-king", first_place if first_place in ("여왕", "왕", "여자") else "다른 낱말")


def show_list(pairs):
    return " · ".join(f"{word} {score:.2f}" for word, score in pairs)


print("빼지 않으면:", show_list(everything))
print("빼고 찾으면:", show_list(evaluation.analogy(vectors, vocabulary, "남자", "왕", "여자")))
print("나라–수도, 프랑스 : 파리 = 이탈리아 : ?  빼고:", show_list(evaluation.analogy(vectors, vocabulary, "프랑스", "파리", "이탈리아", n=3)),
      "| 빼지 않고:", show_list(evaluation.analogy(vectors, vocabulary, "프랑스", "파리", "이탈리아", n=3, exclude_inputs=False)))

# %% [markdown]
# 한두 예로는 알 수 없습니다. 백과사전의 유추 문제 모두에서 다섯 가지 방법을 견줍니다.
#
# - **3CosMul**(Levy & Goldberg, 2014): 더하는 대신 곱하고 나눕니다. 코사인을 [0, 1]로 옮긴 $s = \frac{1 + \cos}{2}$로 $\dfrac{s(d,b)\, s(d,c)}{s(d,a) + \varepsilon}$,
#   $\varepsilon = 0.001$. 더할 때와 달리, 한 항이 아무리 커도 다른 항이 작으면 이길 수 없습니다.
# - **입력을 빼지 않은 3CosAdd**: $a$, $b$, $c$도 답이 될 수 있습니다.
# - **기준선 둘**: 유추라고 부를 수 없는 것도 해 봅니다. $a$를 무시하고 $b + c$에 가장 가까운 것을, 또는 $c$ 하나에 가장 가까운 것을 답합니다.

# %%
results = {
    "3CosAdd": evaluation.analogy_accuracy(vectors, vocabulary, analogies),
    "3CosMul": evaluation.analogy_accuracy(vectors, vocabulary, analogies, method="mul"),
    "3CosAdd, 입력을 빼지 않음": evaluation.analogy_accuracy(vectors, vocabulary, analogies, exclude_inputs=False),
}
directions = similarity.unit_rows(vectors)
asked = analogies[list("abcd")].map(vocabulary.index.__getitem__).to_numpy()                              # (문제, 4)


def answered_without_a(use_b):
    scores = (directions[asked[:, 2]] + (directions[asked[:, 1]] if use_b else 0)) @ directions.T
    scores[np.arange(len(asked))[:, None], asked[:, :3]] = -np.inf
    return scores.argmax(axis=1) == asked[:, 3]


standard = results["3CosAdd"]
table = []
for name, each, echoes in [(n, r.each, r.echoes) for n, r in results.items()] + [
        ("기준선: b + c에 가까운 말", answered_without_a(True), 0), ("기준선: c에 가까운 말", answered_without_a(False), 0)]:
    low, high = evaluation.clustered_interval(each, standard.pair)
    gap = each.astype(float) - standard.each
    gap_low, gap_high = evaluation.clustered_interval(gap, standard.pair)
    table.append({"방법": name, "정답률 [95% 구간]": f"{each.mean():.3f} [{low:.3f}, {high:.3f}]",
                  "3CosAdd와의 차이": f"{gap.mean():+.3f} [{gap_low:+.3f}, {gap_high:+.3f}]" if gap.any() else "",
                  "a, b, c를 답한 비율": f"{echoes:.0%}"})
print(f"문제 {standard.n_covered}/{standard.n_total}개를 풀 수 있고, 그 가운데 답이 a, b, c 안에 있어 맞힐 수 없는 것은 {standard.n_unsolvable}개입니다.")
item_low, item_high = evaluation.bootstrap_interval(np.mean, standard.each)
print(f"3CosAdd의 95% 구간: 쌍 (a, b)를 다시 뽑으면 [{standard.low:.3f}, {standard.high:.3f}], 문제를 하나씩 다시 뽑으면 [{item_low:.3f}, {item_high:.3f}]")
pd.DataFrame(table).set_index("방법")

# %%
free = results["3CosAdd, 입력을 빼지 않음"]
same_as = {letter: np.mean([answer == word for answer, word in zip(free.answers, analogies[letter])]) for letter in "abc"}
print("빼지 않았을 때의 답: " + ", ".join(f"{letter} 자신 {share:.0%}" for letter, share in same_as.items()))
RELATIONS = {"capital-country": "수도–나라", "male-female": "남성–여성", "country-language": "나라–언어", "country-currency": "나라–화폐",
             "job-workplace": "직업–일터", "animal-sound": "동물–울음소리", "animal-young": "동물–새끼"}
near = pd.Series(np.sum(directions[asked[:, 0]] * directions[asked[:, 1]], axis=1)).groupby(analogies.section.to_numpy()).mean()
by_section = standard.by_section.assign(mul=results["3CosMul"].by_section.accuracy, without=free.by_section.accuracy)
by_section = by_section.assign(near=by_section.section.map(near), section=by_section.section.map(RELATIONS))
by_section[["section", "covered", "accuracy", "low", "high", "mul", "without", "near"]].round(2).rename(columns={
    "section": "관계", "covered": "문제", "accuracy": "3CosAdd", "low": "아래", "high": "위", "mul": "3CosMul", "without": "빼지 않음",
    "near": "a와 b의 코사인"}).set_index("관계")

# %% [markdown]
# 표를 읽는 법입니다.
#
# - **점수의 큰 부분이 입력을 빼는 데에서 나옵니다.** 빼지 않으면 절반 가까이가 입력 낱말을 그대로 되돌려 줍니다. $b - a + c$에는 $b$와 $c$가 그대로 들어 있고, $a$와 $b$가 비슷하면
#   둘이 서로 지워져 $c$의 둘레에 남기 때문입니다. 그래서 "벡터 셈이 여왕을 **가리킨다**"보다는 "왕과 여자의 둘레에서, 왕과 여자가 **아닌** 것 가운데 가장 가까운 것이 여왕이다"가
#   정직한 말입니다(Linzen, 2016).
# - **기준선을 보세요.** $b + c$에 가까운 말을 고르기만 해도 얼마나 맞히는지가 표에 있습니다. 3CosAdd가 그보다 나은 만큼만 "방향"이 한 일입니다.
# - **곱하기와 더하기**의 차이는 구간과 함께 읽으세요. 구간이 0을 품으면 낫다고 말할 수 없습니다.
# - **관계마다 다릅니다.** `빼지 않음` 열이 3CosAdd보다 크게 떨어지는 관계가 있고 거의 그대로인 관계가 있습니다. 마지막 열(a와 b의 코사인)과 함께 보세요. 위의 설명대로라면 a와 b가 비슷할수록
#   크게 떨어져야 합니다. 남성–여성은 그렇지만, 잘 맞지 않는 관계도 있습니다.
# - **[0, 0]** 은 확실히 0이라는 뜻이 아닙니다. 하나도 맞히지 못하면 다시 뽑아도 0뿐입니다. 서로 독립인 n문제에서 0개이면 95% 상한은 대략 3/n입니다.
# - **구간.** 같은 쌍 (a, b)를 쓰는 문제는 함께 맞고 함께 틀립니다. 그래서 문제가 아니라 **쌍을** 다시 뽑았습니다(묶음 부트스트랩, cluster bootstrap). 표 위에 적은 두 구간을 견주어 보세요.
#   문제를 하나씩 뽑으면 같은 정보를 여러 번 세어 구간이 지나치게 좁아집니다.
#
# *왜 틀릴 수 있을까요?* 유추 문제에는 답이 여럿인 것이 많고, 관계마다 문제 수가 달라 전체 정답률은 큰 묶음이 좌우합니다. 관계별 표의 구간이 얼마나 넓은지 보세요. 뒤쪽 쌍 (c, d)도
# 여러 문제에 되풀이되므로, 쌍을 다시 뽑은 구간도 아직 조금 좁습니다.

# %% [markdown]
# ### ✏️ 연습 5-2 (3점): 3CosMul
# 배열 `vectors`(V×d)와 행 번호 `a`, `b`, `c`를 받아, 3CosMul로 답한 행 번호를 돌려주는 `cos_mul`을 완성하세요. 코사인은 $(1 + \cos)/2$로 옮기고 $\varepsilon = 0.001$을 분모에 더합니다. $a$,
# $b$, $c$는 답이 될 수 없습니다. 길이가 0인 행은 없습니다.
#
# <details><summary>힌트 1</summary> 먼저 모든 행을 길이로 나누고, a, b, c와의 코사인을 세 배열로 구하세요. </details>
# <details><summary>힌트 2</summary> 답에서 빼려면 그 자리의 점수를 <code>-np.inf</code>로 바꾼 뒤 <code>argmax</code>를 씁니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-cos-mul", "grade": false, "solution": true, "locked": false, "task": false}
def cos_mul(vectors, a, b, c):
    ### BEGIN SOLUTION
    normalised = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    to_a, to_b, to_c = ((1 + normalised @ normalised[i]) / 2 for i in (a, b, c))
    score = to_b * to_c / (to_a + 0.001)
    score[[a, b, c]] = -np.inf
    return int(score.argmax())
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-cos-mul-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("05-cos-mul", points=3, hint="b와 c는 곱하고 a로 나눕니다. 코사인이 음수이면 곱의 부호가 뒤집히므로 먼저 [0, 1]로 옮깁니다."):
    toy = np.array([[0.0, 2.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.0, 1.0], [3.0, 0.0, 1.0], [-2.0, 1.0, 1.0]])      # 남자 왕 여자 여왕 밥
    assert cos_mul(toy, 0, 1, 2) == 3
    drawn = np.random.default_rng(0)
    for _ in range(5):
        cloud = drawn.normal(size=(30, 4)) * drawn.uniform(0.5, 9, size=(30, 1))
        numbered = cooccurrence.Vocabulary([str(i) for i in range(30)], np.ones(30, int))
        assert str(cos_mul(cloud, 3, 7, 11)) == evaluation.analogy(cloud, numbered, "3", "7", "11", method="mul")[0][0]
    narrow = np.abs(drawn.normal(size=(12, 6)))
    narrow[2] = narrow[1] + 0.02 * drawn.normal(size=6)
    assert cos_mul(narrow, 0, 1, 2) not in (0, 1, 2), "a, b, c는 답이 될 수 없습니다."

# %% [markdown]
# ## 3. 질의와 문서: 희소 벡터와 밀집 벡터
#
# 낱말 벡터가 있으면 어떤 글이든 그 **평균**으로 벡터를 만들 수 있습니다. 01강의 영어 예문으로 해 봅시다. 질의는 "Taylor release new album", 문서는 예문 하나하나입니다.

# %%
english = datasets.load("classic-english")
english_tokens = [[w.strip(".,!?'\"").lower() for w in s.split()] for s in english.sentence]
english_counts, english_words = cooccurrence.count_cooccurrences(english_tokens, window=5)
left_vectors, values, _ = svd.truncated_svd(pmi.ppmi(english_counts, smoothing=0.75), k=20)
english_vectors = svd.word_vectors(left_vectors, values, 0.5)
QUERY = "taylor release new album".split()


def english_mean(words):
    return np.mean([english_vectors[english_words.index[w]] for w in words if w in english_words], axis=0)


cosines = np.array([similarity.cosine(english_mean(QUERY), english_mean(words)) for words in english_tokens])
common = np.array([len(set(QUERY) & set(words)) for words in english_tokens])
by_group = pd.DataFrame({"무리": english.example, "cosine": cosines, "common": common}).groupby("무리").agg(
    **{"문장": ("cosine", "size"), "코사인의 평균": ("cosine", "mean"), "겹치는 낱말의 평균": ("common", "mean")})
by_group = by_group.sort_values("코사인의 평균", ascending=False)
strangers = np.flatnonzero(common == 0)
for i in strangers[np.argsort(-cosines[strangers])][:3]:
    print(f"겹치는 낱말이 없는데 가까운 문장: {english.sentence[i]}  ({cosines[i]:.2f})")
by_group.head(4).round(2)

# %% [markdown]
# 무리로 보면 가수(singer)와 음악가(musicians)의 문장이 앞에 옵니다. 그런데 그 문장들은 질의와 **낱말도** 겹칩니다. 겹치는 낱말이 하나도 없는 문장만 놓고 보면 음악 이야기와 엉뚱한 이야기가 섞여 있습니다. 문장 수십 개로 만든 벡터로는
# 여기까지입니다. "`자동차`로 찾아도 `차량`, `승용차`가 든 글을 찾는다"는 것이 밀집 벡터의 약속입니다. 더 큰 말뭉치에서, **두 가지 과제**로 시험합니다.
#
# - **과제 가: 설명으로 항목 찾기.** 백과사전의 항목(고양이, 파리, 김치 …)마다, 항목 이름 가운데 그 하나만 나오는 문장을 모아 문서로 삼고, 한 문장을 따로 떼어 **이름을 지운 뒤**
#   질의로 씁니다. 그 설명이 무엇을 가리키는지 맞히는 일이며, 맞는 문서는 하나입니다. 떼어 낸 문장은 낱말 벡터를 만들 때도 쓰지 않습니다.
# - **과제 나: 주제 찾기.** 질의는 낱말 하나(`호랑이`), 문서는 문장 하나하나, 맞는 문서는 같은 주제(동물)의 문장 모두입니다. 그 대부분에는 `호랑이`가 나오지 않습니다.
#
# 경쟁자는 셋입니다. $\mathrm{tf}$(term frequency)는 낱말이 문서에 나온 횟수, $\mathrm{df}$(document frequency)는 그 낱말이 나오는 문서의 수, $N$은 문서 수입니다.
#
# 1. **TF-IDF**: 칸마다 $\mathrm{tf} \times \mathrm{idf}$, $\mathrm{idf} = \log\frac{1+N}{1+\mathrm{df}} + 1$(inverse document frequency). 드문 낱말일수록
#    무겁습니다. 코사인으로 견줍니다.
# 2. **BM25**: 질의의 낱말마다 아래의 값을 더합니다. $|d|$는 문서의 토큰 수입니다. 같은 낱말이 거듭 나와도 점수가 한없이 오르지 않고($k_1 = 1.5$), 긴 문서를 깎습니다($b = 0.75$).
#    1994년에 나와 지금도 널리 쓰이는 강한 기준선입니다.
#
#    $$\log\!\left(1 + \frac{N - \mathrm{df} + 0.5}{\mathrm{df} + 0.5}\right)
#    \cdot \frac{\mathrm{tf}\,(k_1 + 1)}{\mathrm{tf} + k_1\left(1 - b + b\,|d| / \text{평균 길이}\right)}$$
#
# 3. **평균 벡터**: 낱말 벡터를 그냥, 또는 idf로 가중해 평균하고 코사인으로 견줍니다.
#
# 순위를 채점하는 **지표**도 먼저 정해 둡시다. 질의마다 하나씩 재고, 질의에 걸쳐 평균합니다.
#
# | 지표 | 질의 하나에서 |
# |---|---|
# | 정밀도@k(precision) | 앞의 k개 가운데 맞는 것의 비율 |
# | 재현율@k(recall) | 맞는 것 가운데 앞의 k개에 든 것의 비율 |
# | 역순위(reciprocal rank), 평균은 **MRR** | 처음 맞는 문서의 순위가 r이면 1/r |
# | 평균 정밀도(average precision), 평균은 **MAP** | 맞는 문서가 나올 때마다 그 자리까지의 정밀도를 적어 평균한 것 |
# | **nDCG**@k | 맞는 문서마다 $1 / \log_2(1 + \text{순위})$를 더한 것을, 가장 좋은 순서일 때의 값으로 나눈 것 |
#
# 점수가 같은 문서(BM25에서는 대부분이 0점)는 무작위로 줄을 세우거나 한 덩어리로 셉니다. 파일의 순서가 우연히 도와서는 안 되기 때문입니다.

# %%
def build_index(documents, vocabulary, k1=1.5, b=0.75):
    """문서(토큰 목록)들에서 (D, V) 횟수 행렬, idf, BM25 가중치 행렬을 만듭니다."""
    cells = Counter((i, vocabulary.index[t]) for i, document in enumerate(documents) for t in document if t in vocabulary)
    row, column = np.array(list(cells)).T
    tf = sparse.csr_array((np.array(list(cells.values()), float), (row, column)), shape=(len(documents), len(vocabulary)))
    df = np.bincount(column, minlength=len(vocabulary))
    idf = np.log((1 + len(documents)) / (1 + df)) + 1
    size = np.asarray(tf.sum(axis=1)).ravel()
    spread = tf.tocoo()
    weight = np.log(1 + (len(documents) - df + 0.5) / (df + 0.5))[spread.col]
    weight = weight * spread.data * (k1 + 1) / (spread.data + k1 * (1 - b + b * size[spread.row] / size.mean()))
    return tf, idf, sparse.csr_array((weight, (spread.row, spread.col)), shape=tf.shape)


def search_scores(queries, documents, word_vectors, vocabulary):
    """방법 → (Q, D) 점수. 모두 같은 어휘를 씁니다."""
    tf, idf, bm25 = build_index(documents, vocabulary)
    asked = build_index(queries, vocabulary)[0]
    directions = similarity.unit_rows(word_vectors)

    def cosines(a, b):
        product = similarity.unit_rows(a) @ similarity.unit_rows(b).T
        return product.toarray() if sparse.issparse(product) else product

    weighted = [similarity.unit_rows((m * idf) @ directions) for m in (asked, tf)]
    scores = {"TF-IDF": cosines(sparse.csr_array(asked * idf), sparse.csr_array(tf * idf)),
              "BM25": ((asked > 0).astype(float) @ bm25.T).toarray(),
              "평균": cosines(asked @ word_vectors, tf @ word_vectors),
              "idf 평균": weighted[0] @ weighted[1].T,
              "idf 평균, 문서의 평균을 뺌": cosines(*(m - weighted[1].mean(axis=0) for m in weighted))}
    ranks = [rankdata(-scores[name], axis=1) for name in ("BM25", "idf 평균")]                # 1부터. 점수가 같으면 순위의 가운데를 나누어 갖습니다
    scores["BM25 + idf 평균 (순위를 섞음)"] = sum(1 / (60 + rank) for rank in ranks)          # 역순위 융합(reciprocal rank fusion)
    return scores


# 과제 가: 항목 하나만 나오는 문장들 → 문서, 그 가운데 하나 → 질의
rng = np.random.default_rng(0)
names = set(categories.word)
mine = {}
for number, sentence in enumerate(tokens):
    if len(mentioned := names & set(sentence)) == 1:
        mine.setdefault(mentioned.pop(), []).append(number)
items = [name for name in categories.word if len(mine.get(name, [])) >= 4]
held_out = {name: int(rng.choice(mine[name])) for name in items}
queries = [[t for t in tokens[held_out[name]] if t != name] for name in items]
articles = [[t for i in mine[name] if i != held_out[name] for t in tokens[i] if t != name] for name in items]
asked_numbers = set(held_out.values())
rest = [sentence for i, sentence in enumerate(tokens) if i not in asked_numbers]
rest_counts, words = cooccurrence.count_cooccurrences(rest, window=5)
left_vectors, values, _ = svd.truncated_svd(pmi.ppmi(rest_counts, smoothing=0.75), k=100)
word_vectors = svd.word_vectors(left_vectors, values, 0.5)
asked_about = "고양이" if "고양이" in items else items[0]
question_text = encyclopedia.sentence[held_out[asked_about]].replace(asked_about, "○○")
print(f"과제 가: 문서 {len(articles)}개, 질의 {len(queries)}개. 예: “{question_text}” → {asked_about}")

# 과제 나: 낱말 하나 → 같은 주제의 문장 모두
topic_of = {"capitals": "countries"}
subjects = categories[~categories.category.isin(["colours", "weather"])]
topics = encyclopedia.topic.to_numpy(str)
documents = np.flatnonzero(np.isin(topics, subjects.category.unique()))
subjects = subjects.sample(by_profile(smoke=40, laptop=100, gpu=300), random_state=0)
same_topic = np.array([topic_of.get(c, c) for c in subjects.category])[:, None] == topics[documents]              # (Q, D)
token_sets = [set(tokens[i]) for i in documents]
contains = np.array([[w in known for known in token_sets] for w in subjects.word])
print(f"과제 나: 문서 {len(documents):,}개, 질의 {len(subjects)}개. 맞는 문서 가운데 질의 낱말이 든 것은 {(contains & same_topic).sum() / same_topic.sum():.1%}뿐입니다.")

# %% [markdown]
# > **예측해 보세요.** 각 과제에서 누가 이길까요?

# %%
predict("05-search", choices=["둘 다 BM25", "둘 다 평균 벡터", "가는 BM25, 나는 평균 벡터", "가는 평균 벡터, 나는 BM25"], mine=None)

# %%
known_item = {n: evaluation.retrieval_metrics(s, np.eye(len(items)), k=10)
              for n, s in search_scores(queries, articles, word_vectors, words).items()}
by_topic = {n: evaluation.retrieval_metrics(s, same_topic, k=50)
            for n, s in search_scores([[w] for w in subjects.word], [tokens[i] for i in documents], word_vectors, words).items()}
rows = []
for name in known_item:
    row = {"방법": name}
    for task, metrics, column in (("가: MRR", known_item, "reciprocal_rank"), ("나: MAP", by_topic, "average_precision")):
        value, base = metrics[name][column], metrics["BM25"][column]
        low, high = evaluation.bootstrap_interval(np.mean, value - base)
        gap = "" if name == "BM25" else f"{np.mean(value - base):+.3f} [{low:+.3f}, {high:+.3f}]"
        row |= {task: f"{value.mean():.3f}", f"{task[0]}: BM25와의 차이": gap}
    rows.append(row | {"가: 재현율@10": f"{known_item[name].recall.mean():.3f}", "나: 정밀도@50": f"{by_topic[name].precision.mean():.3f}",
                       "나: nDCG@50": f"{by_topic[name].ndcg.mean():.3f}"})
sparse_first = known_item["BM25"].reciprocal_rank.mean() > known_item["idf 평균"].reciprocal_rank.mean()
dense_second = by_topic["idf 평균"].average_precision.mean() > by_topic["BM25"].average_precision.mean()
compare("05-search", {(True, False): 1, (False, True): 2, (True, True): 3, (False, False): 4}[bool(sparse_first), bool(dense_second)])
for task, metrics, column in (("가", known_item, "reciprocal_rank"), ("나", by_topic, "average_precision")):
    gap = metrics["idf 평균, 문서의 평균을 뺌"][column] - metrics["idf 평균"][column]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"과제 {task}에서 문서의 평균을 빼면: {gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
pd.DataFrame(rows).set_index("방법")

# %% [markdown]
# - **과제 가에서는 BM25와 TF-IDF가 이깁니다.** 항목을 가려내는 것은 드물고 정확한 낱말인데, 평균은 그것을 다른 낱말들과 섞어 흐립니다. idf로 무게를 주면 한결 낫지만
#   따라잡지 못합니다.
# - **과제 나에서는 평균 벡터가 이깁니다.** 질의 낱말이 든 문장을 다 찾고 나면 BM25는 나머지에 모두 0점을 줍니다. 밀집 벡터는 `호랑이`가 없는 동물 문장도 찾습니다. 이것이 낱말 불일치(vocabulary mismatch)입니다.
# - **섞기**는 두 순위의 역수를 더할 뿐입니다. 한쪽이 대부분의 문서에 같은 점수를 주는 과제 나에서는 다른 쪽을 그대로 따라가고, 두 순위가 다투는 과제 가에서는 BM25에 미치지 못합니다.
#   어떤 질의가 올지 모를 때의 보험입니다.
# - **문서의 평균 빼기**(7절에서 다룹니다)의 효과는 표 위의 두 줄에 있습니다. 구간이 0보다 큰 과제가 있습니까? 널리 권하는 손질이라도 자기 과제에서 재어 보아야 합니다.
#
# *왜 틀릴 수 있을까요?*
# - 과제 나의 "같은 주제 = 맞는 문서"는 느슨합니다. 동물 문장이 모두 호랑이를 찾는 사람에게 쓸모 있지는 않습니다. 과제를 만든 사람이 이기는 쪽을 정할 수 있으니, 두 과제를 **함께**
#   보아야 합니다.
# - 낱말 벡터는 과제 나의 **바로 그 문장들에서** 배웠습니다(정답인 주제는 보지 않았습니다). 처음 보는 글을 찾을 때는 평균 벡터의 점수가 이보다 낮을 수 있습니다.
# - 과제 가의 항목 가운데에는 `개`(동물, 물건을 세는 말)나 `말`(동물, 언어)처럼 글자가 같은 다른 낱말이 섞인 것이 있어 모든 방법이 손해를 봅니다.
#
# 문장과 문서를 더 잘 담는 벡터(Sentence-BERT)는 08강에서, 실제 검색 체계는 10강에서 다룹니다.

# %% [markdown]
# ### 희소 벡터와 밀집 벡터: 재어서 만든 표
# 교과서의 표를 믿지 말고 재어 봅시다. 문서는 과제 나의 문장들입니다.

# %%
tf, idf, bm25 = build_index([tokens[i] for i in documents], words)
dense = similarity.unit_rows((tf * idf) @ similarity.unit_rows(word_vectors)).astype(np.float32)
article_tf, article_idf, _ = build_index(articles, words)
article_length = np.asarray(article_tf.sum(axis=1)).ravel()
one_word = sparse.csr_array(([1.0], ([0], [words.index["호랑이"]])), shape=(1, len(words)))


def milliseconds(task, repeats=20):
    """걸린 시간의 중앙값과 범위"""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        taken.append(1000 * (time.perf_counter() - start))
    return f"{np.median(taken):.2f} ms ({min(taken):.2f}–{max(taken):.2f})"


by_sparse, by_dense = sparse.csr_array(bm25.T), dense.T.copy()
question = np.asarray(word_vectors[[words.index["호랑이"]]], np.float32)
times = milliseconds(lambda: one_word @ by_sparse), milliseconds(lambda: question @ by_dense)
plain = {"희소 (횟수)": article_tf, "밀집 (낱말 벡터의 합)": article_tf @ word_vectors,
         "밀집 (낱말 벡터의 평균)": (article_tf @ word_vectors) / article_length[:, None]}


def norms(matrix):
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()) if sparse.issparse(matrix) else np.linalg.norm(matrix, axis=1)


sparse_mb, dense_mb = (tf.data.nbytes / 2 + tf.indices.nbytes + tf.indptr.nbytes) / 1e6, dense.nbytes / 1e6
pd.DataFrame([
    {"항목": "차원", "희소": f"{tf.shape[1]:,}", "밀집": f"{dense.shape[1]:,}"},
    {"항목": "0이 아닌 칸", "희소": f"{tf.nnz / np.prod(tf.shape):.2%} (문서마다 {tf.nnz / tf.shape[0]:.0f}개)",
     "밀집": f"{np.mean(dense != 0):.0%} ({dense.shape[1]}개)"},
    {"항목": "메모리 (수 하나에 4바이트)", "희소": f"{sparse_mb:.2f} MB", "밀집": f"{dense_mb:.2f} MB"},
    {"항목": "한 낱말 질의를 모든 문서와 견주는 시간 (스무 번의 중앙값과 범위)", "희소": times[0], "밀집": times[1]},
    {"항목": "과제 가 (설명으로 항목 찾기) MRR: BM25와 idf 평균", "희소": f"{known_item['BM25'].reciprocal_rank.mean():.3f}",
     "밀집": f"{known_item['idf 평균'].reciprocal_rank.mean():.3f}"},
    {"항목": "과제 나 (주제 찾기) MAP: BM25와 idf 평균", "희소": f"{by_topic['BM25'].average_precision.mean():.3f}",
     "밀집": f"{by_topic['idf 평균'].average_precision.mean():.3f}"},
]).set_index("항목")

# %%
for name, matrix in plain.items():
    length = norms(matrix)
    print(f"{name}: 벡터 길이와 문서 길이의 순위 상관 {spearmanr(length, article_length).statistic:+.2f}, "
          f"벡터 길이의 변동 계수(표준편차 ÷ 평균) {length.std() / length.mean():.2f}")
asked_tf = build_index(queries, words)[0]


def reciprocal_ranks(scores):
    """맞는 문서가 하나(대각선)일 때의 1/순위. 점수가 같은 것들은 순위의 가운데를 나누어 갖습니다."""
    right = np.diag(scores)[:, None]
    return 1 / (1 + (scores > right).sum(axis=1) + ((scores == right).sum(axis=1) - 1) / 2)


for name, ask, have in (("희소 (횟수)", asked_tf, article_tf), ("밀집 (합)", asked_tf @ word_vectors, plain["밀집 (낱말 벡터의 합)"]),
                        ("밀집 (평균)", asked_tf @ word_vectors, plain["밀집 (낱말 벡터의 평균)"])):
    mrr = {}
    for form, a, b in (("내적", ask, have), ("코사인", similarity.unit_rows(ask), similarity.unit_rows(have))):
        product = a @ b.T
        mrr[form] = reciprocal_ranks(product.toarray() if sparse.issparse(product) else product)
    low, high = evaluation.bootstrap_interval(np.mean, mrr["코사인"] - mrr["내적"])
    print(f"과제 가, {name}: MRR 내적 {mrr['내적'].mean():.3f}, 코사인 {mrr['코사인'].mean():.3f}, "
          f"차이 {np.mean(mrr['코사인'] - mrr['내적']):+.3f} [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# 교과서의 표에는 흔히 "희소 벡터는 길어서 느리고 밀집 벡터는 짧아서 빠르다", "희소 벡터에는 코사인이 낫고 밀집 벡터에는 내적도 좋다"고 적혀 있습니다. 위의 수와 견주어 보세요.
#
# - 짧은 글에서 희소 벡터는 **차원은 크지만 메모리는 적게** 듭니다. 0이 아닌 칸만 저장하기 때문입니다. 시간도 재어 보아야 압니다. 문서가 수백만이면 희소 쪽은 역색인(inverted index), 밀집 쪽은 근사 최근접
#   이웃(10강)으로 빨라지므로 이 작은 표를 그대로 옮기면 안 됩니다.
# - 횟수 벡터의 길이는 문서의 길이를 그대로 따라가므로 내적은 긴 문서를 앞세웁니다. 그래서 코사인이 낫습니다. 밀집 벡터라도 **더하기만** 하면 똑같고, **평균**을 내면 그 상관이 줄거나 뒤집힙니다. 긴 글을 평균할수록
#   서로 다른 방향이 지워져 벡터가 짧아지기 때문입니다. 밀집이라서가 아니라 평균이라서 길이가 안정된 것입니다. 그래도 코사인이 내적보다 조금 나은 것을 마지막 줄의 구간이 보여 줍니다.

# %% [markdown]
# ### ✏️ 연습 5-3 (2점): 글의 벡터
# 토큰 목록 `tokens`, 낱말 → 벡터 사전 `table`, 낱말 → idf 사전 `idf`, 차원 `d`를 받아 **idf로 가중한 평균** $\frac{\sum_t \mathrm{idf}_t\, v_t}{\sum_t \mathrm{idf}_t}$를 돌려주는
# `mean_vector`를 완성하세요. `table`에 없는 낱말은 분자와 분모에서 모두 빼고, 거듭 나온 낱말은 나온 만큼 셉니다. 아는 낱말이 없으면 0으로 채운 벡터입니다.
#
# <details><summary>힌트 1</summary> 먼저 <code>[t for t in tokens if t in table]</code>로 아는 낱말만 남기세요. </details>
# <details><summary>힌트 2</summary> <code>np.average(..., axis=0, weights=...)</code>가 가중 평균을 냅니다. 빈 목록은 따로 다루세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-mean-vector", "grade": false, "solution": true, "locked": false, "task": false}
def mean_vector(tokens, table, idf, d):
    ### BEGIN SOLUTION
    total, weight = np.zeros(d), 0.0
    for token in tokens:
        if token in table:
            total += idf[token] * np.asarray(table[token])
            weight += idf[token]
    return total / weight if weight > 0 else total
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-mean-vector-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("05-mean-vector", points=2, hint="모르는 낱말은 분모에서도 빼고, 거듭 나온 낱말은 나온 만큼 셉니다."):
    table, weights = {"가": np.array([1.0, 0.0]), "나": np.array([0.0, 1.0])}, {"가": 1.0, "나": 3.0}
    assert np.allclose(mean_vector(["가", "나"], table, weights, 2), [0.25, 0.75])
    assert np.allclose(mean_vector(["가", "가", "나", "모름"], table, weights, 2), [0.4, 0.6])
    assert np.allclose(mean_vector(["모름"], table, weights, 2), [0, 0])

# %% [markdown]
# ### ✏️ 연습 5-4 (3점): 평균 정밀도
# 순위대로 늘어놓은 정답 여부 `hits`(1 또는 0의 목록)와 맞는 문서의 **전체** 수 `n_relevant`를 받아 평균 정밀도(average precision)를 돌려주는 `average_precision`을 완성하세요. 맞는 문서가 나온 자리마다 그
# 자리까지의 정밀도를 더하고 `n_relevant`로 나눕니다. `hits`는 앞부분만 잘린 것일 수 있습니다.
#
# <details><summary>힌트 1</summary> i번째(1부터) 자리까지의 정밀도는 (그때까지 맞은 수) / i 입니다. </details>
# <details><summary>힌트 2</summary> 찾지 못한 문서는 정밀도 0으로 세는 셈이므로, 찾은 수가 아니라 전체 수로 나눕니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-average-precision", "grade": false, "solution": true, "locked": false, "task": false}
def average_precision(hits, n_relevant):
    ### BEGIN SOLUTION
    right, total = 0, 0.0
    for place, hit in enumerate(hits, start=1):
        if hit:
            right += 1
            total += right / place
    return total / n_relevant
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-average-precision-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("05-average-precision", points=3, hint="맞는 문서가 나온 자리에서만 정밀도를 더하고, 맞는 문서의 전체 수로 나눕니다."):
    assert np.isclose(average_precision([1, 0, 1], 2), (1 / 1 + 2 / 3) / 2)
    assert np.isclose(average_precision([0, 1], 4), (1 / 2) / 4), "찾지 못한 문서도 분모에 들어갑니다."
    assert average_precision([0, 0], 3) == 0

# %% [markdown]
# ## 4. 무리: 동물과 과일
#
# 비슷한 낱말이 모이면 무리(군집, cluster)가 됩니다. 정답을 보여 주지 않고 k-평균(k-means)으로 나누어, 사람이 붙인 범주와 얼마나 맞는지 **조정 랜드 지수**(adjusted Rand index, ARI: 우연이면 0, 같으면 1)로 잽니다.
#
# > **예측해 보세요.** 동물 58개와 과일 20개를 두 무리로 나누면 ARI는 얼마쯤일까요? 열세 범주를 모두 섞어 열셋으로 나누면요?

# %%
predict("05-clusters", choices=["둘 다 0.9 이상", "동물–과일만 0.9 이상", "둘 다 0.9 미만"], mine=None)

# %%
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

SEEDS = range(by_profile(smoke=2, laptop=5, gpu=10))


def clustered(chosen):
    points, label = similarity.unit_rows(vectors[[vocabulary.index[w] for w in chosen.word]]), chosen.category.to_numpy()
    return [adjusted_rand_score(label, KMeans(len(set(label)), n_init=3, random_state=seed).fit_predict(points)) for seed in SEEDS]


category_of = dict(zip(categories.word, categories.category))
two, thirteen = clustered(categories[categories.category.isin(["animals", "fruits"])]), clustered(categories)
compare("05-clusters", 1 if min(np.mean(two), np.mean(thirteen)) >= 0.9 else 2 if np.mean(two) >= 0.9 else 3)
ANIMALS, FRUITS = ["강아지", "고양이", "토끼"], ["사과", "바나나", "오렌지"]
six = similarity.unit_rows(vectors[[vocabulary.index[w] for w in ANIMALS + FRUITS]])
six = six @ six.T
pair = np.triu_indices(3, 1)
print(f"코사인의 평균: {'·'.join(ANIMALS)}끼리 {six[:3, :3][pair].mean():.2f}, {'·'.join(FRUITS)}끼리 {six[3:, 3:][pair].mean():.2f}, "
      f"서로 {six[:3, 3:].mean():.2f}")
print("강아지의 이웃:", " ".join(w for w, _ in similarity.nearest(vectors, vocabulary, "강아지", n=6)))
for name, values in (("동물과 과일", two), ("열세 범주", thirteen)):
    print(f"{name}: ARI 평균 {np.mean(values):.3f}, 시드 {len(values)}개에서 {min(values):.3f} ~ {max(values):.3f}")

order = categories.sort_values("category", kind="stable")
rows_in_order = similarity.unit_rows(vectors[[vocabulary.index[w] for w in order.word]])
blocks = rows_in_order @ rows_in_order.T
edges = np.flatnonzero(order.category.to_numpy()[1:] != order.category.to_numpy()[:-1]) + 0.5
starts = np.concatenate([[0], edges + 0.5, [len(order)]]).astype(int)
inside = np.mean([blocks[a:b, a:b][np.triu_indices(b - a, 1)].mean() for a, b in zip(starts, starts[1:])])
same = order.category.to_numpy()[:, None] == order.category.to_numpy()
fig, axis = plt.subplots(figsize=(7.6, 6.6))
image = axis.imshow(blocks, vmin=0, vmax=0.8)
KOREAN_NAMES = dict(zip(sorted(set(categories.category)),
                        ["동물", "수도", "색", "나라", "가족", "음식", "과일", "악기", "직업", "운동", "채소", "탈것", "날씨"]))
titles = [KOREAN_NAMES[c] for c in order.category.drop_duplicates()]
axis.set_xticks((starts[1:] + starts[:-1]) / 2, titles, rotation=90, fontsize=9)
axis.set_yticks((starts[1:] + starts[:-1]) / 2, titles)
fig.colorbar(image, label="코사인")
axis.set_title("범주대로 늘어놓은 낱말끼리의 코사인")
show(fig, alt=f"{len(order)}개 낱말의 코사인 행렬. 대각선을 따라 범주마다 밝은 네모가 보인다. "
              f"같은 범주끼리의 평균은 {inside:.2f}, 다른 범주끼리는 {blocks[~same].mean():.2f}이다.")
in_row = [Counter(category_of[t] for t in set(sentence) if t in category_of) for sentence in tokens]
print(f"범주 낱말이 나오는 문장 가운데 같은 범주의 낱말이 셋 이상 나오는 것: {np.mean([max(c.values()) >= 3 for c in in_row if c]):.0%}")

# %% [markdown]
# 세 과일은 서로 가깝고 동물과는 멉니다. 강아지·고양이·토끼는 생각만큼 가깝지 않은데, `강아지`의 이웃을 보면 까닭을 짐작할 수 있습니다. 같은 동물이라도 어떤 이야기에 나오는지가 다르면 벡터도 다릅니다.
#
# 그림에서 대각선의 밝은 네모가 무리입니다. 나라와 수도처럼 서로 관련된 무리 사이에도 옅은 네모가 있습니다. 시드가 바뀌면 ARI가 얼마나 흔들리는지도 함께 보세요. k-평균은 시작점에
# 따라 다른 답을 내므로, 한 번의 결과만 보고 "무리가 보인다"고 하면 안 됩니다.
#
# *왜 틀릴 수 있을까요?* 범주의 수를 알려 준 것부터가 반칙입니다. 실제로는 몇 무리인지 모릅니다. 그리고 백과사전에는 "사과, 귤, 감 …"처럼 같은 범주를 늘어놓은 문장이 있어 (위에 적은 비율) 무리가 유난히 뚜렷할 수 있습니다.

# %% [markdown]
# ## 5. 그림을 믿어도 될까요: PCA, t-SNE, UMAP
#
# 100차원은 볼 수 없으니 2차원으로 옮겨 그립니다. 무엇을 지키려 하는지가 서로 다릅니다.
#
# - **PCA**(주성분 분석, principal component analysis): 분산이 가장 큰 두 방향으로 정사영합니다. 난수를 쓰지 않습니다.
# - **t-SNE**(t-distributed stochastic neighbour embedding): 두 점이 서로 이웃일 확률이 두 공간에서 비슷해지도록, 점을 경사하강법으로 옮깁니다.
# - **UMAP**(uniform manifold approximation and projection): 이웃을 이은 그래프를 만들고, 그림의 그래프가 그것과 비슷해지도록 점을 옮깁니다.
#
# 뒤의 둘은 점들을 어디에 놓고 **시작**하는지에 따라 답이 달라집니다. 난수로 흩뿌리고 시작할 수도 있고(무작위 시작), PCA(t-SNE)나 그래프의 고유벡터(UMAP)로 자리를 정하고 시작할 수도
# 있습니다(정해진 시작). 같은 벡터를 **시드만** 바꾸어 여러 번 그린 뒤, 네 가지를 잽니다.
#
# | 잣대 | 물음 |
# |---|---|
# | 이웃의 겹침 | 시드가 다른 두 그림에서 한 점의 이웃 열 개가 얼마나 같은가 (1이면 같음) |
# | 프로크루스테스 거리(Procrustes distance) | 두 그림을 옮기고 돌리고 뒤집고 키워 가장 잘 맞춘 뒤에도 남는 차이 (0이면 같은 그림, 1에 가까우면 다른 그림) |
# | 지킨 이웃 | 원래 벡터의 이웃 열 개 가운데 그림에서도 이웃인 것의 비율 |
# | 신뢰도(trustworthiness) | 그림의 이웃이 원래 공간에서도 가까운가 (1이면 그렇다) |
#
# > **예측해 보세요.** 시드를 바꾸면 t-SNE 그림에서 무엇이 바뀔까요?

# %%
predict("05-projection", choices=["이웃도 배치도 거의 그대로", "이웃은 대체로 그대로, 무리의 배치는 바뀐다", "이웃도 배치도 바뀐다"], mine=None)

# %%
chosen = categories[categories.category.isin(["animals", "fruits", "countries", "capitals", "family", "jobs"])]
shown_vectors = vectors[[vocabulary.index[w] for w in chosen.word]]
METHODS = by_profile(smoke=("pca", "tsne"), laptop=("pca", "tsne", "umap"), gpu=("pca", "tsne", "umap"))   # umap은 처음 쓸 때 10초쯤 준비합니다
PICTURE_SEEDS = range(by_profile(smoke=2, laptop=3, gpu=5))
KOREAN = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
pictures = {(method, start): [projection.project(shown_vectors, method, seed=seed, start=start) for seed in PICTURE_SEEDS]
            for method in METHODS for start in (["random"] if method == "pca" else ["random", "informed"])}
stable = pd.DataFrame({key: projection.stability(found_pictures, shown_vectors) for key, found_pictures in pictures.items()}).T
tsne = stable.loc[("tsne", "random")]
compare("05-projection", 3 if tsne.neighbours < 0.5 else 1 if tsne.procrustes < 0.2 else 2)
chance = 10 / (len(chosen) - 1)
STARTS = {"random": " (무작위 시작)", "informed": " (정해진 시작)"}
stable.index = [KOREAN[m] + ("" if m == "pca" else STARTS[start]) for m, start in stable.index]
print(f"낱말 {len(chosen)}개, 시드 {len(PICTURE_SEEDS)}개. 아무 관계가 없는 두 그림의 이웃 겹침은 {chance:.3f}입니다.")
stable.rename(columns={"neighbours": "시드 사이 이웃의 겹침", "procrustes": "시드 사이 프로크루스테스 거리", "kept": "지킨 이웃",
                       "trustworthiness": "신뢰도"}).round(3)

# %%
fig, axes = plt.subplots(2, len(METHODS), figsize=(4.4 * len(METHODS), 7.6), squeeze=False, layout="constrained")
GROUPS = {"animals": "동물", "fruits": "과일", "countries": "나라", "capitals": "수도", "family": "가족", "jobs": "직업"}
for column, method in enumerate(METHODS):
    for row in range(2):
        axis, points = axes[row, column], pictures[method, "random"][row]
        for (group, korean), mark in zip(GROUPS.items(), "os^Dv*"):
            mine_too = (chosen.category == group).to_numpy()
            axis.plot(*points[mine_too].T, mark, markersize=4, alpha=0.8, label=korean)
        axis.set(title=f"{KOREAN[method]}, 시드 {row}", xticks=[], yticks=[])
axes[0, 0].legend(fontsize=8)
described = ", ".join(f"{name} {row['neighbours']:.2f}과 {row['procrustes']:.2f}" for name, row in stable.iterrows())
show(fig, alt=f"여섯 범주의 낱말을 {', '.join(KOREAN[m] for m in METHODS)}로, 무작위로 시작해 시드 둘로 그린 그림. PCA는 두 그림이 같고, 다른 방법은 무리는 남지만 놓인 자리가 다르다. "
              f"시드 사이 이웃의 겹침과 프로크루스테스 거리: {described}.")

# %%
centres = {}
for group in GROUPS:
    centres[group] = similarity.unit_rows(shown_vectors)[(chosen.category == group).to_numpy()].mean(axis=0)
pairs_of_groups = [(a, b) for i, a in enumerate(GROUPS) for b in list(GROUPS)[i + 1:]]
true_gaps = [np.linalg.norm(centres[a] - centres[b]) for a, b in pairs_of_groups]


def gaps(points):
    middle = {g: points[(chosen.category == g).to_numpy()].mean(axis=0) for g in GROUPS}
    return [np.linalg.norm(middle[a] - middle[b]) for a, b in pairs_of_groups]


for method in METHODS:
    rhos = [spearmanr(true_gaps, gaps(points)).statistic for points in pictures[method, "random"]]
    print(f"{KOREAN[method]}: 무리 사이의 거리 순서가 원래와 얼마나 같은가 (순위 상관) {', '.join(f'{r:+.2f}' for r in rhos)}")

# %% [markdown]
# - **PCA**는 언제나 같은 그림이지만 이웃을 가장 많이 잃습니다. 곧은 방향 둘에 정사영한 것만 남기기 때문입니다.
# - **t-SNE와 UMAP**은 이웃을 훨씬 잘 지킵니다. 무작위로 시작하면 이웃은 대체로 남지만 무리의 **놓인 자리**는 시드마다 달라집니다. 위아래 두 그림에서 같은 빛깔이 어디로 갔는지 보세요.
#   무리 사이의 거리가 원래와 같은 순서인지를 잰 순위 상관은 어느 방법에서도 1과 멀고, 같은 방법에서도 시드에 따라 다릅니다(무리 여섯의 쌍은 열다섯뿐이므로 이 상관 자체도 크게 흔들립니다).
# - **정해진 시작**에서는 시드를 바꾸어도 t-SNE 그림이 똑같습니다. PCA에서 출발하고 나면 난수가 쓰이지 않기 때문입니다. UMAP은 변(edge)을 뽑는 순서가 여전히 무작위여서, 배치는 훨씬 덜
#   달라지지만 이웃의 겹침은 무작위 시작 때와 비슷합니다. 많은 프로그램의 기본값이 정해진 시작이어서 그림이 안정되어 **보입니다**. 그러나 지킨 이웃과 신뢰도는 무작위 시작과 거의 같습니다.
#   그림이 참이라서가 아니라 시작이 같아서 안정된 것입니다.
#
# *왜 틀릴 수 있을까요?* t-SNE와 UMAP 그림에서 무리의 크기, 빈 곳의 넓이, 멀리 있는 무리 사이의 거리는 믿고 읽을 것이 못 됩니다. 이웃의 수(perplexity, n_neighbors)를 바꾸면 무리의 모양도 달라집니다. 그림은 물음을
# 찾는 데 쓰고, 대답은 원래 공간에서 재세요.

# %% [markdown]
# ## 6. 차원의 저주: 모두가 비슷하게 멀어집니다
#
# 차원이 커지면 가장 가까운 점과 가장 먼 점의 차이가 사라집니다. 질의에서 잰 **상대 대비**(relative contrast) $\frac{D_{\max} - D_{\min}}{D_{\min}}$로 봅니다. 0에 가까우면 "가장 가깝다"는 말이 뜻을
# 잃습니다(Beyer 등, 1999).
#
# > **예측해 보세요.** 무작위로 흩뿌린 점에서는 차원이 커질수록 대비가 빠르게 0에 다가갑니다. 같은 100차원, 같은 수의 점이라면 우리 낱말 벡터의 대비는 무작위 점의 대비와 같을까요?

# %%
predict("05-curse", choices=["거의 같다", "낱말 벡터 쪽이 뚜렷이 크다", "낱말 벡터 쪽이 뚜렷이 작다"], mine=None)

# %%
DIMENSIONS = [2, 5, 10, 20, 50, 100, 200, 500, 1000]
generator = np.random.default_rng(0)
n_points = by_profile(smoke=500, laptop=1500, gpu=1800)
contrast = {}
for name, draw in (("균등 분포", generator.random), ("정규 분포, 길이 1", lambda shape: similarity.unit_rows(generator.normal(size=shape)))):
    contrast[name] = [geometry.relative_contrast(draw((n_points, d)), draw((100, d))) for d in DIMENSIONS]
chosen_rows = generator.permutation(len(vectors))
contrast["낱말 벡터 (SVD의 앞 d차원), 길이 1"] = []
for d in [d for d in DIMENSIONS if d <= 100]:
    rows = similarity.unit_rows(vectors[chosen_rows[:n_points + 100], :d])
    contrast["낱말 벡터 (SVD의 앞 d차원), 길이 1"].append(geometry.relative_contrast(rows[100:], rows[:100]))
contrast["낱말 벡터, 열마다 따로 뒤섞음"] = []                                        # 대조군: 열의 분산은 그대로, 무리는 사라집니다
mixed = generator.permuted(vectors, axis=0)
for d in [d for d in DIMENSIONS if d <= 100]:
    rows = similarity.unit_rows(mixed[:n_points + 100, :d])
    contrast["낱말 벡터, 열마다 따로 뒤섞음"].append(geometry.relative_contrast(rows[100:], rows[:100]))

fig, axis = plt.subplots(figsize=(7, 4))
for (name, values), style in zip(contrast.items(), ("o-", "s--", "^:", "D-.")):
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], axis=1)
    where = DIMENSIONS[:len(values)]
    axis.plot(where, middle, style, label=name)
    axis.fill_between(where, low, high, alpha=0.2)
axis.set(xscale="log", yscale="log", xlabel="차원 (로그)", ylabel="상대 대비 (로그)", title="차원과 상대 대비 (띠: 질의의 가운데 절반)")
axis.set_xticks(DIMENSIONS, DIMENSIONS)
axis.set_yticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
axis.minorticks_off()
axis.legend(fontsize=8)
at = {name: float(np.median(values[DIMENSIONS.index(100)])) for name, values in contrast.items()}
random_100 = at["정규 분포, 길이 1"]
show(fig, alt="차원에 따른 상대 대비의 선 그림. 2차원에서 " + ", ".join(f"{n} {np.median(v[0]):.0f}" for n, v in contrast.items())
     + "이던 것이 100차원에서는 " + ", ".join(f"{n} {x:.2f}" for n, x in at.items()) + "로 줄어든다.")
ratio = {}
for name in ("낱말 벡터 (SVD의 앞 d차원), 길이 1", "낱말 벡터, 열마다 따로 뒤섞음"):
    ratio[name] = evaluation.bootstrap_interval(lambda a, b: np.median(a) / np.median(b), contrast[name][DIMENSIONS.index(100)],
                                                contrast["정규 분포, 길이 1"][DIMENSIONS.index(100)])
    print(f"100차원의 대비, 무작위(정규 분포, 길이 1)의 몇 배인가: {name} {at[name] / random_100:.2f}배 [{ratio[name][0]:.2f}, {ratio[name][1]:.2f}]")
low, high = ratio["낱말 벡터 (SVD의 앞 d차원), 길이 1"]
compare("05-curse", 2 if low > 1.2 else 3 if high < 1 / 1.2 else 1)

# %%
centred = geometry.all_but_the_top(vectors, 0)
energy = np.linalg.svd(centred, compute_uv=False) ** 2
print(f"낱말 벡터의 실질 차원(참여 비, participation ratio): 100차원 가운데 {energy.sum() ** 2 / np.sum(energy**2):.0f}")

# %% [markdown]
# 그림에서 무작위 점의 대비는 차원이 커지면서 곧장 떨어집니다. 거리의 제곱은 좌표마다의 차이의 제곱을 더한 것인데, 더하는 것이 많을수록 그 평균은 한 값에 몰리기 때문입니다(큰 수의 법칙).
# 낱말 벡터의 대비는 그보다 덜 떨어집니다. 왜일까요? 실제로 쓰는 방향이 몇 개뿐이어서는 아닙니다. **실질 차원**(분산이 r개 방향에 똑같이 나뉘어 있으면 r이 되는 수)은 100에 가깝습니다.
# 좌표를 열마다 따로 뒤섞으면 열의 분산은 그대로이고 좌표 사이의 관계, 곧 **무리**만 사라지는데, 그때 대비가 무작위 쪽으로 내려갑니다. 그러므로 대비를 지켜 주는 것은 가까운 이웃끼리
# 모인 무리입니다. 저주를 덜어 주는 것은 적은 차원이 아니라 자료의 구조입니다.
#
# *왜 틀릴 수 있을까요?* 대비는 가장 가까운 점과 가장 먼 점, 곧 두 극단만 봅니다. 점의 수를 늘리면 더 가까운 점이 생겨 값이 커집니다. 그래서 같은 수의 점으로 견주었습니다. 구간은
# 질의를 다시 뽑은 것이고, 무작위 점은 한 번만 뿌렸습니다.

# %% [markdown]
# ## 7. 비등방성과 허브: 재고, 고치고, 다시 재기
#
# 벡터의 구름이 한쪽으로 쏠리면 아무 두 낱말이나 코사인이 큽니다. 이것을 **비등방성**(anisotropy)이라고 합니다. 두 가지로 잽니다.
#
# - **평균 코사인**: 서로 다른 두 낱말의 코사인의 평균. 사방으로 고르면 0입니다.
# - **분배 함수의 등방성**(isotropy by the partition function) $I = \dfrac{\min_c Z(c)}{\max_c Z(c)}$, $Z(c) = \sum_w e^{c \cdot v_w}$. $c$는 길이 1인
#   주방향들($V^\top V$의 고유벡터)과 그 반대 방향입니다. 어느 쪽으로 보아도 같으면 1이고, 치우칠수록 0에 가깝습니다. 아주 작은 수가 되므로 $\log_{10} I$로 적습니다. 벡터의 크기에 따라 달라지므로 좌표의 제곱 평균을 1로 맞추고 잽니다.
#
# 또 하나, 차원이 높으면 유난히 많은 낱말의 이웃이 되는 **허브**(hub)가 생깁니다. 낱말이 남의 이웃 열 개에 든 횟수 $N_{10}$의 **왜도**(skewness: 한쪽으로 긴 꼬리가 있으면 큼)로 잽니다.
#
# 고치는 방법은 둘입니다. 모든 벡터에서 **평균을 빼거나**, 평균을 뺀 다음 가장 센 주방향 몇 개의 성분까지 지웁니다(**all-but-the-top**; Mu & Viswanath, 2018).
#
# 03강의 스킵그램으로 말뭉치를 짧게(3번), 길게(15번) 읽으며 시드를 바꾸어 학습한 것과 SVD를 견줍니다.
#
# > **예측해 보세요.** 가장 쏠려 있는 것은?

# %%
predict("05-anisotropy", choices=["SVD", "짧게 학습한 스킵그램", "길게 학습한 스킵그램"], mine=None)

# %%
TRAIN_SEEDS = range(by_profile(smoke=1, laptop=3, gpu=5))


def skip_gram(epochs, seed):
    model = SkipGram(dimensions=100, window=5, epochs=epochs, min_count=5, seed=seed, workers=1).fit(tokens)
    assert model.vocabulary_.words == vocabulary.words
    return model.vectors_.astype(float)


spaces = {"SVD": [vectors], "스킵그램 3번": [skip_gram(3, seed) for seed in TRAIN_SEEDS],
          "스킵그램 15번": [skip_gram(15, seed) for seed in TRAIN_SEEDS]}
REPAIRS = {"그대로": lambda v: v, "평균을 뺌": lambda v: geometry.all_but_the_top(v, 0),
           "평균과 첫 방향을 뺌": lambda v: geometry.all_but_the_top(v, 1), "평균과 세 방향을 뺌": lambda v: geometry.all_but_the_top(v, 3)}


def shape_of(matrix):
    occurrences, length = geometry.k_occurrence(matrix, 10), np.linalg.norm(matrix, axis=1)
    return {"평균 코사인": geometry.mean_cosine(matrix),
            "log₁₀ I": np.log10(geometry.partition_isotropy(matrix / np.sqrt(np.mean(matrix**2)))),
            "가장 긴 벡터 ÷ 중앙값": length.max() / np.median(length),
            "허브의 왜도": float(skew(occurrences)), "가장 큰 허브": float(occurrences.max()),
            "범주 일치율": evaluation.category_precision(matrix, vocabulary, categories).each,
            "유추": evaluation.analogy_accuracy(matrix, vocabulary, analogies)}


def with_range(values, digits):
    """시드의 평균 ± 범위의 절반"""
    return f"{np.mean(values):.{digits}f}" + (f" ± {np.ptp(values) / 2:.{digits}f}" if len(values) > 1 else "")


measured = {(space, repair): [shape_of(mend(v)) for v in made] for space, made in spaces.items() for repair, mend in REPAIRS.items()}
DIGITS = {"평균 코사인": 3, "log₁₀ I": 1, "가장 긴 벡터 ÷ 중앙값": 1, "허브의 왜도": 2, "가장 큰 허브": 0}
rows = [{"벡터": space, "고침": repair, **{key: with_range([s[key] for s in found_shapes], digits) for key, digits in DIGITS.items()}}
        for (space, repair), found_shapes in measured.items()]
mean_cosines = {space: np.mean([s["평균 코사인"] for s in measured[space, "그대로"]]) for space in spaces}
compare("05-anisotropy", 1 + list(mean_cosines.values()).index(max(mean_cosines.values())))
print("±는 시드 사이의 범위의 절반입니다. SVD는 여기서 한 번만 만들었습니다.")
pd.DataFrame(rows).set_index(["벡터", "고침"])

# %% [markdown]
# 바뀐 것은 **수치**입니다. 쓸모도 나아졌을까요? 같은 낱말, 같은 문제에서 잰 차이를 봅니다. 낱말(문제)마다 시드에 걸쳐 차이를 평균하고, 낱말(유추는 쌍)을 다시 뽑아 구간을 냅니다.

# %%
rows = []
for space in spaces:
    for repair in list(REPAIRS)[1:]:
        after, before = measured[space, repair], measured[space, "그대로"]
        category_gap = np.mean([a["범주 일치율"] - b["범주 일치율"] for a, b in zip(after, before)], axis=0)
        solved_gap = np.mean([a["유추"].each.astype(float) - b["유추"].each for a, b in zip(after, before)], axis=0)
        low, high = evaluation.bootstrap_interval(np.mean, category_gap)
        a_low, a_high = evaluation.clustered_interval(solved_gap, after[0]["유추"].pair)
        rows.append({"벡터": space, "고침": repair, "범주 일치율의 변화": f"{category_gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]",
                     "유추의 변화": f"{solved_gap.mean():+.3f} [{a_low:+.3f}, {a_high:+.3f}]"})
for space in spaces:
    plain_shapes = measured[space, "그대로"]
    print(f"{space} 그대로: 범주 일치율 {np.mean([s['범주 일치율'].mean() for s in plain_shapes]):.3f}, "
          f"유추 {np.mean([s['유추'].accuracy for s in plain_shapes]):.3f}")
pd.DataFrame(rows).set_index(["벡터", "고침"])

# %% [markdown]
# 지운 방향에는 무엇이 담겨 있었을까요? 평균을 뺀 벡터의 가장 센 세 방향에서 두 가지를 잽니다. 범주가 알려진 낱말들의 흩어짐 가운데 **범주 사이의 차이**가 차지하는 비율($\eta^2$, 1이면
# 그 방향은 범주만 담습니다)과, 낱말의 **횟수**와의 순위 상관입니다.

# %%
def content_of(matrix, n=3):
    """가장 센 방향마다 (범주 사이의 차이의 비율, 횟수와의 순위 상관의 절댓값)"""
    centred = geometry.all_but_the_top(matrix, 0)
    along = centred @ np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :n]               # (V, n): 센 방향부터
    of_listed = pd.DataFrame(along[[vocabulary.index[w] for w in categories.word]])
    middle = of_listed.groupby(categories.category.to_numpy()).transform("mean")
    between = ((middle - of_listed.mean()) ** 2).sum() / ((of_listed - of_listed.mean()) ** 2).sum()
    return between.to_numpy(), np.abs([spearmanr(column, vocabulary.counts).statistic for column in along.T])


rows = []
for space, made in spaces.items():
    category_share, with_frequency = (np.array(values) for values in zip(*(content_of(v) for v in made)))      # (시드, 방향)
    rows += [{"벡터": space, "방향": f"{i + 1}째", "범주 사이의 차이": with_range(category_share[:, i], 2), "횟수와의 상관 (절댓값)": with_range(with_frequency[:, i], 2)}
             for i in range(category_share.shape[1])]
pd.DataFrame(rows).set_index(["벡터", "방향"])

# %%
fig, axes = plt.subplots(1, 2, figsize=(10.5, 3.8), layout="constrained")
sample = np.random.default_rng(0).integers(0, len(vocabulary), (20_000, 2))
sample = sample[sample[:, 0] != sample[:, 1]]
for space, style in zip(spaces, ("-", "--", ":")):
    for axis, repair in zip(axes, ("그대로", "평균을 뺌")):
        u = similarity.unit_rows(REPAIRS[repair](spaces[space][0]))
        heights, borders = np.histogram(np.sum(u[sample[:, 0]] * u[sample[:, 1]], axis=1), bins=np.linspace(-1, 1, 81), density=True)
        axis.plot((borders[1:] + borders[:-1]) / 2, heights, style, linewidth=2, label=space)
        axis.set(title=f"아무 두 낱말의 코사인 ({repair})", xlabel="코사인", ylabel="밀도")
        axis.axvline(0, color="black", linewidth=0.6)
axes[0].legend()
after_mean = {space: np.mean([s["평균 코사인"] for s in measured[space, "평균을 뺌"]]) for space in spaces}
show(fig, alt="아무 두 낱말의 코사인의 분포. 왼쪽은 그대로, 오른쪽은 평균을 뺀 것. 그대로의 평균은 "
     + ", ".join(f"{s} {m:.2f}" for s, m in mean_cosines.items()) + "이고, 평균을 빼면 " + ", ".join(f"{s} {m:.2f}" for s, m in after_mean.items()) + "이다.")
hubs = geometry.k_occurrence(spaces["스킵그램 15번"][0], 10)
print("스킵그램 15번의 큰 허브:", ", ".join(f"{vocabulary.words[i]} {hubs[i]}번" for i in np.argsort(-hubs)[:8]),
      f"· 한 번도 이웃이 아닌 낱말 {np.mean(hubs == 0):.1%}")
crowd = geometry.k_occurrence(vectors, 10, "euclid")
print("SVD를 길이 그대로 유클리드로 재면:", ", ".join(f"{vocabulary.words[i]} {crowd[i]:,}번" for i in np.argsort(-crowd)[:4]),
      f"· 왜도 {skew(crowd):.1f}")

# %% [markdown]
# - **쏠림은 학습의 양에 크게 달려 있습니다.** 같은 스킵그램이라도 짧게 학습하면 아무 두 낱말이나 코사인이 큽니다. 왼쪽 그림에서 3번 읽은 것의 곡선이 오른쪽 끝에 몰린 것을 보세요. 벡터는
#   0 가까이의 작은 수에서 출발하고, 처음에는 어디에나 오는 흔한 낱말이 모두를 같은 쪽으로 끌어당기는 것으로 보입니다. 더 학습하면 흩어집니다.
# - **평균을 빼면** 평균 코사인은 0 가까이로 내려갑니다. 그런데 두 수치의 말이 늘 같지는 않습니다. SVD와 길게 학습한 것에서는 I도 1에 가까워지지만($\log_{10} I$가 0에 가까워집니다), 짧게
#   학습한 것에서는 오히려 나빠집니다. 평균을 뺀 뒤에 몇 낱말의 벡터만 유난히 길게 남는데(`가장 긴 벡터 ÷ 중앙값`), I에는 지수 함수가 있어 그런 몇 개가 값을 정하기 때문입니다. 오른쪽
#   그림에서도 그 곡선은 평균만 0일 뿐 넓게 퍼져 있습니다. 수치 하나가 0이 되었다고 구름이 둥글어진 것은 아닙니다.
# - **허브는 평균을 빼도 크게 줄지 않습니다.** 길게 학습한 것과 SVD에서는 왜도가 거의 그대로이고, 짧게 학습한 것에서는 방향을 지울수록 오히려 커집니다. 왜 그런지는 이 표만으로 알 수 없습니다.
#   1절에서 본 유클리드의 허브(위의 마지막 줄)에 견주면 코사인의 허브는 작습니다. 여기서 허브를 가장 많이 줄인 것은 길이를 맞추는 일이었습니다.
# - **all-but-the-top**은 논문에서 유사도 과제를 고르게 낫게 했습니다. 우리 표에서는 갈립니다. 짧게 학습한 벡터에서 세 방향까지 지우면 범주 일치율은 오르지만 유추는 나아지지 않습니다.
#   길게 학습한 벡터와 SVD에서는 세 방향까지 지우면 범주 일치율이 떨어집니다. 그 까닭은 지운 방향을 잰 표에 있습니다. 길게 학습한 벡터와 SVD의 센 방향은 거의 **범주의 차이**, 곧 뜻을 담고
#   횟수와는 관계가 적습니다. 짧게 학습한 벡터의 앞쪽 두 방향은 범주를 덜 담고, 첫 방향은 횟수와 더 얽혀 있습니다.
#
# *왜 틀릴 수 있을까요?* "등방적이면 좋은 벡터다"는 검증할 물음이지 정의가 아닙니다. 수치를 고치는 것과 쓸모를 고치는 것을 따로 재세요. 말뭉치가 작고 가지런해서 큰 말뭉치와 다를 수 있습니다. 다음 절에서 실제 리뷰로 봅니다.

# %% [markdown]
# ### ✏️ 연습 5-5 (2점): 허브 세기
# 배열 `vectors`(n×d)와 `k`를 받아, 각 행이 **다른** 행들의 코사인 이웃 k개 안에 든 횟수(길이 n의 정수 배열)를 돌려주는 `k_occurrence`를 완성하세요. 자기 자신은 자기의 이웃이 아니고, 길이가 0인 행은 없습니다.
#
# <details><summary>힌트 1</summary> 코사인 행렬의 대각선을 <code>-np.inf</code>로 채우면 자기 자신이 빠집니다. </details>
# <details><summary>힌트 2</summary> 이웃의 번호를 모두 이어 붙여 <code>np.bincount(..., minlength=n)</code>로 셉니다. 모두 더하면 n × k가 되어야 합니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-k-occurrence", "grade": false, "solution": true, "locked": false, "task": false}
def k_occurrence(vectors, k):
    ### BEGIN SOLUTION
    pointing = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    closeness = pointing @ pointing.T
    times_chosen = np.zeros(len(vectors), dtype=int)
    for i in range(len(vectors)):
        closeness[i, i] = -np.inf
        times_chosen[closeness[i].argsort()[-k:]] += 1
    return times_chosen
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-k-occurrence-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("05-k-occurrence", points=2, hint="행마다 이웃 k개를 고른 뒤, 누가 몇 번 뽑혔는지를 셉니다. 자기 자신은 빼세요."):
    fan = np.array([[1.0, 0.0], [3.0, 0.6], [1.0, 1.0], [0.0, 1.0]])
    assert np.array_equal(k_occurrence(fan, 1), [1, 2, 1, 0])
    cloud = np.random.default_rng(0).normal(size=(50, 6))
    assert np.array_equal(k_occurrence(cloud, 5), geometry.k_occurrence(cloud, 5))
    assert k_occurrence(cloud, 3).sum() == 150

# %% [markdown]
# ### ✏️ 연습 5-6 (3점): all-but-the-top
# 배열 `vectors`(n×d)와 `n_directions`를 받아, 평균을 빼고 가장 센 주방향 `n_directions`개의 성분을 지운 배열(n×d)을 돌려주는 `all_but_the_top`을 완성하세요.
#
# <details><summary>힌트 1</summary> 평균을 뺀 행렬에 <code>np.linalg.svd(..., full_matrices=False)</code>를 쓰면 셋째 값의 앞 행들이 주방향입니다. </details>
# <details><summary>힌트 2</summary> 방향 u(길이 1)의 성분은 (v · u)u 입니다. 열을 잘라 내는 것이 아니라, 그만큼을 뺍니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "05-all-but-the-top", "grade": false, "solution": true, "locked": false, "task": false}
def all_but_the_top(vectors, n_directions):
    ### BEGIN SOLUTION
    balanced = vectors - vectors.mean(axis=0)
    strongest = np.linalg.svd(balanced, full_matrices=False)[2][:n_directions]
    for direction in strongest:
        balanced = balanced - np.outer(balanced @ direction, direction)
    return balanced
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "05-all-but-the-top-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("05-all-but-the-top", points=3, hint="먼저 평균을 빼고, 그 다음 주방향의 성분을 뺍니다. 모양은 그대로 (n, d)입니다."):
    cloud = np.random.default_rng(1).normal(size=(40, 5)) * [9, 3, 1, 1, 1] + 4
    mended = all_but_the_top(cloud, 2)
    assert mended.shape == cloud.shape and np.allclose(mended.mean(axis=0), 0)
    assert np.linalg.matrix_rank(mended) == 3
    assert np.allclose(mended, geometry.all_but_the_top(cloud, 2))
    assert np.allclose(all_but_the_top(cloud, 0), cloud - cloud.mean(axis=0)), "0개이면 평균만 뺍니다."

# %% [markdown]
# ## 8. 여섯 방법을 한 표에: 실제 리뷰 71만 건
#
# 지금까지 배운 다섯 방법, 곧 PPMI, SVD, 스킵그램(SGNS), CBOW, GloVe와 06강에서 배울 FastText를 **같은 말뭉치, 같은 어휘**에서 견줍니다(PPMI를 뺀 나머지는 차원도 같습니다). 시험은 사람의 판단(WS353-ko)과 한국어
# 유추 10,000문제입니다. 모두 다시 하려면 오래 걸리므로 미리 재어 둔 표를 읽습니다. 다시 재려면: `LAB_DATA_DIR=자료폴더 python benchmarks/word_vectors.py`

# %%
TABLE = datasets.data_folder() / "results" / "word_vectors.csv"


def interval(row, what):
    return f"[{row[what + '_low']:.3f}, {row[what + '_high']:.3f}]"


def over_seeds(values, sign=""):
    """시드의 평균 (가장 작은 것 ~ 가장 큰 것)"""
    return f"{values.mean():{sign}.3f}" + (f" ({values.min():{sign}.3f} ~ {values.max():{sign}.3f})" if len(values) > 1 else "")


if TABLE.exists():
    real = pd.read_csv(TABLE)
    plain_rows = real[real.processing == "as it is"]
    rows, verdicts = [], {}
    for name, part in plain_rows.groupby("method", sort=False):
        first, is_base = part.iloc[0], name == "SVD"
        rows.append({"방법": name, "시드": len(part), "WS353 ρ": over_seeds(part.ws353), "ρ의 95% 구간": interval(first, "ws353"),
                     "ρ: SVD와의 차이": "" if is_base else f"{first.ws353_minus_svd:+.3f} {interval(first, 'ws353_minus_svd')}",
                     "유추 3CosAdd": over_seeds(part["add"]), "3CosAdd의 95% 구간": interval(first, "add"),
                     "3CosAdd: SVD와의 차이": "" if is_base else f"{first.add_minus_svd:+.3f} {interval(first, 'add_minus_svd')}",
                     "3CosMul": f"{part['mul'].mean():.3f}", "입력을 빼지 않음": f"{part.add_inputs_allowed.mean():.3f}", "설정": first.settings})
        for measure, column in (("WS353 ρ", "ws353_minus_svd"), ("유추", "add_minus_svd")):
            low, high = first[column + "_low"], first[column + "_high"]
            verdict = "높다고 말할 수 있는 것" if low > 0 else "낮다고 말할 수 있는 것" if high < 0 else "가를 수 없는 것"
            if not is_base:
                verdicts.setdefault((measure, verdict), []).append(name)
    first = plain_rows.iloc[0]
    print(f"리뷰 {first.reviews:,}건, 토큰 {first.tokens:,}개, 어휘 {first.vocabulary:,}개, 모두 학습하는 데 {plain_rows.seconds.sum() / 60:.0f}분. "
          f"만든 명령: {first.command} ({first.commit}, {first.date}, {first.device})")
    print(f"포함률: WS353 {first.ws353_pairs}/{first.ws353_total}쌍, 유추 {first.analogies:,}/{first.analogies_total:,}문제 "
          f"(그 가운데 답이 a, b, c 안에 있는 것 {first.analogies_unsolvable})")
    for (measure, verdict), names in sorted(verdicts.items()):
        print(f"{measure}, SVD와의 차이의 구간으로 보아 {verdict}: {' · '.join(names)}")
    print("구간은 첫 시드에서 쌍(유추는 앞쪽 쌍 (a, b))을 다시 뽑은 것이고, 괄호는 시드 사이의 범위입니다.")
    with pd.option_context("display.max_colwidth", None):
        display(pd.DataFrame(rows).set_index("방법"))
else:
    print("아직 표가 없습니다. 위의 명령으로 만들 수 있습니다(자료가 필요합니다).")

# %%
if TABLE.exists():
    KIND = {"sem1": "수도–나라", "sem2": "남성–여성", "sem3": "이름–국적", "sem4": "나라–언어", "sem5": "기타",
            "syn1": "격 조사", "syn2": "시제", "syn3": "피동", "syn4": "어미", "syn5": "높임"}
    by_kind = {f"{korean} ({int(first[s + '_covered'])}/{int(first[s + '_total'])}문제)":
               {name: part[s + "_add"].mean() for name, part in plain_rows.groupby("method", sort=False)} for s, korean in KIND.items()}
    before = plain_rows[["method", "seed", "ws353", "add", "mean_cosine", "hub_skewness"]]
    mended_rows = real[real.processing != "as it is"].merge(before, on=["method", "seed"], suffixes=("", "_before"))
    effect = [{"방법": name, "고침": {"mean removed": "평균을 뺌", "all-but-the-top 1": "평균과 첫 방향을 뺌"}.get(how, how),
               "평균 코사인": f"{part.mean_cosine_before.mean():.3f} → {part.mean_cosine.mean():.3f}",
               "허브의 왜도": f"{part.hub_skewness_before.mean():.2f} → {part.hub_skewness.mean():.2f}",
               "ρ의 변화 (시드 범위)": over_seeds(part.ws353 - part.ws353_before, "+"),
               "유추의 변화 (시드 범위)": over_seeds(part["add"] - part.add_before, "+")}
              for (name, how), part in mended_rows.groupby(["method", "processing"], sort=False)]
    display(pd.DataFrame(by_kind).T.map(lambda share: "" if pd.isna(share) else f"{share:.3f}"), pd.DataFrame(effect).set_index(["방법", "고침"]))

# %% [markdown]
# 표를 읽을 때 조심할 것입니다.
#
# - **포함률을 먼저 보세요.** 유추 10,000문제의 절반인 문법 문제(격 조사, 시제 …)는 `나왔다`, `시조와`처럼 어절(띄어 쓴 덩어리)로 되어 있습니다. 우리 어휘는 형태소여서 거의 풀 수 없습니다. 조각으로 벡터를 만드는 06강의 FastText라면
#   어절에도 벡터를 줄 수 있지만, 여기서는 같은 어휘로 견주려고 쓰지 않았습니다.
# - **맞힐 수 없는 문제.** 답이 a, b, c 가운데 하나인 문제는 입력을 빼는 순간 틀립니다. 문제집의 흠이며, 모든 방법에 똑같이 불리합니다.
# - **말뭉치를 먼저 보세요.** 영화 리뷰에서 나라와 수도를 배우기는 어렵습니다. 관계별 표에서 어느 관계의 정답률이 낮은지 보고, 방법의 좋고 나쁨과 자료의 알맞음을 섞지 마세요.
# - **고치기.** 마지막 표는 평균을 빼거나 첫 방향까지 뺐을 때 쏠림과 허브, 그리고 점수가 어떻게 바뀌는지입니다. 평균은 어휘 전체에서 구해 빼고 쏠림과 허브는 가장 흔한 낱말들에서 쟀으므로, 평균 코사인이 0이 되지 않거나 오히려 커지기도 합니다. 수치가
#   고쳐진 방법과 점수가 오른 방법이 같은지 견주어 보세요.
# - **조절값.** 방법마다 한 가지 설정뿐입니다(`설정` 열). 말뭉치를 읽은 횟수(epochs)부터 서로 다릅니다. 03강에서 그 하나만 바꾸어도 점수가 어떻게 달라지는지 보았으니, 이 표는 방법의
#   순위가 아니라 **이 설정들의** 순위입니다.
#
# *왜 틀릴 수 있을까요?* 구간은 시험 문제를 다시 뽑은 것이어서 다른 말뭉치에서도 그럴지는 말하지 않습니다. WS353-ko는 영어 시험을 옮긴 것이고, 쌍이 몇백 개뿐입니다.

# %% [markdown]
# ## 9. 퀴즈

# %%
quiz("05-q-unit", "길이가 1인 두 벡터의 코사인이 0.5입니다. 유클리드 거리는?", digits=2, answer=1.0, why="거리² = 2 − 2 × 0.5 = 1.")

# %%
quiz("05-q-inner", "길이가 제각각인 벡터에서 내적으로 이웃을 찾으면 대체로 어떤 벡터가 뽑힙니까?", choices=["짧은 벡터", "긴 벡터", "길이와 상관없다"], answer=2,
     why="내적은 길이 × 코사인이므로 긴 벡터가 이깁니다. 거리는 반대로 짧은 벡터를 앞세우기 쉽습니다.")

# %%
quiz("05-q-exclude", "유추에서 a, b, c를 답에서 빼지 않으면 정답률이 크게 떨어지는 까닭은?", choices=[
    "계산이 느려져서", "b − a + c가 대개 b나 c의 바로 둘레에 있어서", "코사인이 음수가 되어서"], answer=2,
     why="a와 b가 비슷하면 서로 지워지고 c가 남습니다. 또 b − a + c에는 b와 c가 그대로 들어 있습니다.")

# %%
quiz("05-q-ap", "맞는 문서 2개가 1위와 4위에 있습니다. 평균 정밀도는?", digits=2, answer=0.75, why="(1/1 + 2/4) / 2 = 0.75.")

# %%
quiz("05-q-tsne", "t-SNE 그림에서 믿어도 되는 것은?", choices=["멀리 떨어진 두 무리 사이의 거리", "무리의 크기", "대체로, 바로 곁의 이웃"], answer=3,
     why="시드를 바꾸어도 이웃은 대체로 남지만, 무리의 배치와 크기는 그렇지 않습니다. 5절에서 쟀습니다.")

# %%
quiz("05-q-hub", "벡터가 500개이고 k = 10일 때, 한 벡터가 남의 이웃에 든 횟수의 평균은?", digits=0, answer=10,
     why="벡터마다 이웃을 10개씩 고르므로 모두 5,000번, 500개로 나누면 어떤 벡터에서든 10입니다. 허브가 있다는 것은 평균이 아니라 분포가 치우쳤다는 뜻입니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 길이가 1이면 코사인, 내적, 유클리드의 순서가 같습니다($\lVert u-v \rVert^2 = 2 - 2\cos$). 길이가 다르면 내적은 긴 것을, 거리는 짧은 것을 앞세웁니다.
# - 유추의 점수는 입력을 빼는 관행에 크게 기댑니다. 기준선($b + c$)과 함께 보고하세요.
# - 우리의 두 과제에서 정확한 낱말이 중요하면 희소 벡터(BM25)가, 낱말이 달라도 주제가 같으면 되는 일에서는 밀집 벡터가 나았습니다. 둘은 경쟁자이면서 짝입니다.
# - t-SNE와 UMAP은 이웃을 지키고 배치는 지키지 않습니다. 시드를 바꾸어 보지 않은 그림은 근거가 되지 못합니다.
# - 차원이 커지면 거리의 대비가 줄지만, 무리를 이루는 자료에서는 덜합니다. 평균을 빼면 평균 코사인은 대개 0에 가까워지지만 허브는 남고, 쓸모가 나아지는지는 따로 재어야 합니다.
#
# ## 더 나아가
# - Linzen(2016), *Issues in evaluating semantic spaces using word analogies*; Levy & Goldberg(2014), 3CosMul을 제안한 논문.
# - Robertson & Zaragoza(2009), *The Probabilistic Relevance Framework: BM25 and Beyond*; Thakur 등(2021), *BEIR*: 처음 보는 분야에서는 BM25가 많은 신경망 검색기를 이긴다는
#   것을 보였습니다.
# - Kobak & Linderman(2021): t-SNE와 UMAP의 차이로 알려진 것의 많은 부분이 시작점의 차이임을 보입니다. Wattenberg 등(2016), *How to Use t-SNE Effectively*.
# - Radovanović 등(2010), *Hubs in Space*; Mu & Viswanath(2018), *All-but-the-Top*; Conneau 등(2018)의 CSLS는 이웃의 밀도로 점수를 고쳐 허브를 줄입니다.
#
# 다음: [06 낱말보다 작은 조각, 그리고 편향](06_subwords_and_bias.ipynb)
