# %% [markdown]
# # 04 · GloVe: 횟수의 비율에서 벡터로
#
# > *English summary. GloVe fits inner products plus biases to log co-occurrence counts. We test the paper's criticism of LSA and
# > skip-gram, rebuild its ice/steam ratio table with intervals, derive the cost step by step, train it by hand with AdaGrad, and set it
# > beside SVD and skip-gram on the same counts. On a small corpus it falls behind, and we find out why: it never looks at zeros.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - GloVe 논문이 LSA와 Word2Vec을 비판한 두 가지를 말하고, 그 비판을 자료로 시험합니다.
# - 확률의 비율에서 출발해 GloVe의 식을 한 걸음씩 유도하고, 편향(bias)이 왜 필요한지 설명합니다.
# - 가중 함수 f(x)의 x_max와 α, 그리고 AdaGrad가 하는 일을 실험으로 확인합니다.
# - 같은 말뭉치에서 얻은 LSA, SGNS, GloVe의 벡터를 구간을 놓고 비교하고, 비용이 작다고 좋은 벡터가 아님을 압니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 90분쯤 걸립니다.
#
# **앞선 내용.** [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 행렬 분해와 짝지은 차이의 구간, 03 Word2Vec의 음성 표집(Skip-Gram with Negative
# Sampling, SGNS). 로그의 성질과 미분을 알면 됩니다.

# %% tags=["imports"]
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy import sparse

from lab_utils import by_profile, check, compare, label_points, predict, quiz, show, summary
from lab_utils import cooccurrence, datasets, evaluation, movie_reviews, pmi, similarity, svd, tokenization
from lab_utils.glove import GloVe
from lab_utils.skipgram import SkipGram

# %% [markdown]
# ## 1. 두 가지 비판을 시험합니다
#
# GloVe(Global Vectors, Pennington 외 2014)의 논문은 앞선 두 방법을 이렇게 비판하며 시작합니다.
#
# - **LSA**(잠재 의미 분석, Latent Semantic Analysis)는 말뭉치 전체의 통계를 잘 쓰지만 **유추 문제를 잘 풀지 못한다**. (LSA는 본디 낱말–문서 행렬의 SVD입니다. 여기서는 논문의 비교처럼 낱말–낱말 행렬의 SVD를
#   LSA라고 부르겠습니다.)
# - **스킵그램**은 유추를 더 잘 풀지만, 창을 하나씩 따로 훑으므로 **말뭉치 전체의 횟수를 제대로 쓰지 못한다**.
#
# 맞는 말일까요? 우리 백과사전으로 시험해 봅시다. 모든 방법에 같은 어휘, 같은 창(5)을 줍니다. 시험은 02강의 두 가지, **범주 일치율**과 **유추**입니다. 표의 괄호 ( )는 시드에 따른 가장 작은 값과 큰 값이고,
# 대괄호 [ ]는 기준과의 짝지은 차이의 95% 구간입니다. 이 구간은 낱말(유추는 앞쪽 쌍이 같은 문제의 묶음)만 다시 뽑은 것이므로, 시드의 흔들림은 괄호에서 따로 보아야 합니다.

# %%
encyclopedia = datasets.load("encyclopedia")
tokens = list(tokenization.morphemes(encyclopedia.sentence, cache="encyclopedia", progress=False))
counts, vocabulary = cooccurrence.count_cooccurrences(tokens, window=5, min_count=5)       # (V, V)
folder = datasets.fetch("encyclopedia").parent
categories = pd.read_csv(folder / "categories.tsv", sep="\t")
analogies = pd.read_csv(folder / "analogies.tsv", sep="\t")
SEEDS = by_profile(smoke=[0, 1], laptop=[0, 1, 2], gpu=[0, 1, 2, 3, 4])
DIMENSIONS = 50


def measured(name, matrices):
    """한 방법을 두 시험으로 잽니다. 시드마다 행렬이 하나씩이고, 낱말(문제)마다 시드의 평균을 남깁니다."""
    near = [evaluation.category_precision(matrix, vocabulary, categories, n=5).each for matrix in matrices]
    solved = [evaluation.analogy_accuracy(matrix, vocabulary, analogies) for matrix in matrices]
    return {"name": name, "near": np.mean(near, axis=0), "solved": np.mean([s.each for s in solved], axis=0), "pair": solved[0].pair,
            "seeds": [(n.mean(), s.accuracy) for n, s in zip(near, solved)]}


def gap(result, base, key):
    """기준과의 짝지은 차이의 평균과 95% 구간"""
    difference = result[key] - base[key]
    interval = evaluation.clustered_interval(difference, result["pair"]) if key == "solved" else evaluation.bootstrap_interval(np.mean, difference)
    return difference.mean(), *interval


def written(difference):
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(*difference)


def table_of(results, base):
    """방법마다 값, 시드에 따른 범위, 그리고 기준과의 짝지은 차이와 그 95% 구간"""
    rows = []
    for result in results:
        row = {"방법": result["name"]}
        for title, key, column in (("범주 일치율", "near", 0), ("유추 정답률", "solved", 1)):
            found = [seed[column] for seed in result["seeds"]]
            row[title] = f"{np.mean(found):.3f}" + (f" ({min(found):.3f}~{max(found):.3f})" if len(found) > 1 else "")
            row[f"{title}: 기준({base['name']})과의 차이"] = "" if result is base else written(gap(result, base, key))
        rows.append(row)
    return pd.DataFrame(rows).set_index("방법")


def by_svd(matrix, k=DIMENSIONS):
    U, S, _ = svd.truncated_svd(sparse.csr_array(matrix), k)
    return svd.word_vectors(U, S)


def by_skipgram(sentences, seed, k=DIMENSIONS):
    model = SkipGram(k, window=5, negatives=5, epochs=15, min_count=5, subsample=1e-3, seed=seed, workers=1).fit(sentences)
    assert model.vocabulary_.words == vocabulary.words
    return model.vectors_


print(f"어휘 {len(vocabulary):,}개, 유추 {len(analogies)}문제, 시드 {len(SEEDS)}개")

# %% [markdown]
# > **예측해 보세요.** 네 벡터 가운데 유추를 가장 잘 푸는 것은 무엇일까요? LSA는 SVD 앞의 행렬을 무엇으로 하느냐에 따라 셋으로 나누었습니다.

# %%
CLAIMANTS = ["LSA: 횟수의 SVD", "LSA: log(1 + 횟수)의 SVD", "LSA: PPMI의 SVD", "SGNS"]
predict("04-lsa", choices=CLAIMANTS, mine=None)

# %%
ppmi_matrix = pmi.ppmi(counts, smoothing=0.75)
skipgram_vectors = [by_skipgram(tokens, seed) for seed in SEEDS]
skipgram = measured("SGNS", skipgram_vectors)
lsa = [measured(name, [by_svd(matrix)]) for name, matrix in zip(CLAIMANTS, (counts, counts.log1p(), ppmi_matrix))]
wider = [measured("LSA: PPMI의 SVD, 100차원", [by_svd(ppmi_matrix, 100)]),
         measured("SGNS, 100차원", [by_skipgram(tokens, seed, 100) for seed in SEEDS[:2]])]
compare("04-lsa", max([*lsa, skipgram], key=lambda result: result["solved"].mean())["name"])
print("100차원끼리, PPMI의 SVD − SGNS: " + ", ".join(f"{title} {written(gap(*wider, key))}" for title, key in (("범주 일치율", "near"), ("유추 정답률", "solved"))))
table_of([*lsa, skipgram, *wider], skipgram)

# %% [markdown]
# 첫째 비판은 **무엇의 SVD인가**에 달렸습니다. 횟수를 그대로(또는 로그만 취해) 분해하면 논문의 말대로 유추가 SGNS에 한참 못 미칩니다. 그런데 PPMI를 분해하면 그 차이가 크게 줄고, 둘 다 100차원으로
# 늘리면(표의 맨 아래 두 줄) PPMI의 SVD가 못하다고 말할 수 없습니다(표 위에 적은 차이의 구간을 보세요). 범주 일치율도 PPMI의 SVD가 낮지 않습니다. 적어도 유추에서 약한 것은 SVD가 아니라 **횟수를 우연과 비교하지 않은
# 것**이었습니다. Levy 외(2015)도 조절값을 똑같이 맞추면 두 방법의 차이가 크게 줄어든다고 보고했습니다.
#
# 이제 둘째 비판입니다. "창을 하나씩 훑어서 전체의 횟수를 못 쓴다"는 말은 두 가지로 읽을 수 있습니다. **정보**를 놓친다는 뜻일까요, 아니면 **일을 되풀이한다**는 뜻일까요? 문장의 순서를 마구 섞어도
# 쌍의 횟수는 그대로입니다. 그렇게 섞어도 결과가 같다면, SGNS가 쓰는 것도 결국 말뭉치 전체의 횟수입니다.

# %% [markdown]
# > **예측해 보세요.** 말뭉치가 16배로 커지면 SGNS가 훑을 쌍은 16배가 됩니다. GloVe가 쓰는 "0이 아닌 칸"은 몇 배가 될까요?

# %%
predict("04-growth", choices=["16배", "10배쯤", "5배쯤", "그대로"], mine=None)

# %%
shuffled = [[tokens[i] for i in np.random.default_rng(seed).permutation(len(tokens))] for seed in SEEDS]
shares = np.array([1 / 16, 1 / 8, 1 / 4, 1 / 2, 1])
ids, offsets = cooccurrence.encode(shuffled[0], vocabulary)
grown = []
for share in shares:
    last = offsets[int(len(tokens) * share)]
    part = cooccurrence.count_encoded(ids[:last], offsets[: int(len(tokens) * share) + 1], len(vocabulary), window=5)
    grown.append((part.sum(), part.nnz))
pairs, cells = np.array(grown).T
slope_pairs, slope_cells = (np.polyfit(np.log(shares), np.log(values), 1)[0] for values in (pairs, cells))
factor = cells[-1] / cells[0]
compare("04-growth", min([(16, "16배"), (10, "10배쯤"), (5, "5배쯤"), (1, "그대로")], key=lambda c: abs(np.log(c[0] / factor)))[1])

fig, axis = plt.subplots(figsize=(6.5, 4))
axis.plot(shares, pairs, "o-", label=f"SGNS: 한 번 훑을 때의 쌍 (기울기 {slope_pairs:.2f})")
axis.plot(shares, cells, "s-", label=f"GloVe: 0이 아닌 칸 (기울기 {slope_cells:.2f})")
axis.set(xscale="log", yscale="log", xlabel="말뭉치의 크기 (전체 = 1, 로그)", ylabel="개수 (로그)", title="말뭉치가 커질 때 할 일의 양")
axis.set_xticks(shares, ["1/16", "1/8", "1/4", "1/2", "1"])
axis.minorticks_off()
axis.legend()
show(fig, alt=f"말뭉치의 크기에 따른 쌍의 수와 0이 아닌 칸의 수, 두 축 모두 로그. 쌍은 {pairs[0]:,.0f}에서 {pairs[-1]:,.0f}로 기울기 {slope_pairs:.2f}, "
              f"칸은 {cells[0]:,.0f}에서 {cells[-1]:,.0f}로 기울기 {slope_cells:.2f}이다.")

# %%
in_other_order = measured("SGNS, 문장의 순서를 섞음", [by_skipgram(sentences, seed) for sentences, seed in zip(shuffled, SEEDS)])
print(f"말뭉치 16배 → 쌍 {pairs[-1] / pairs[0]:.1f}배, 0이 아닌 칸 {factor:.1f}배")
table_of([skipgram, in_other_order], skipgram)

# %% [markdown]
# 문장의 순서를 섞어도 두 시험의 값은 거의 그대로입니다(차이의 크기와 구간을 보세요). SGNS도 결국은 쌍의 **횟수**에서 배우기 때문입니다. 03강에서 보았듯이 그 최적해는 PMI
# 행렬의 분해와 이어집니다. 그러므로 둘째 비판은 "정보를 놓친다"로 읽으면 틀리고, "**같은 쌍을 만날 때마다 다시 계산한다**"로 읽으면 맞습니다. 쌍은 말뭉치에
# 비례해 늘지만 서로 다른 칸은 그보다 느리게 늡니다. 논문은 자기 말뭉치들에서 칸이 말뭉치 길이의 0.8제곱으로 는다고 어림했습니다.
#
# *왜 틀릴 수 있을까요?* 유추 문제는 우리가 만든 백과사전에 맞추어 만든 것이고, 이 말뭉치는 작고 가지런합니다. 여기서 LSA와 SGNS의 순서가 큰 말뭉치에서도 같다고 말할 수 없습니다. SGNS는 더 오래 읽으면 유추가 더 오릅니다(03강 8절).
# SGNS만은
# 동적 창과 부표집(03강)을 쓰므로 "같은 횟수"에서 배운 것도 아닙니다. 또 기울기는 어휘를 고정하고 잰 것이어서, 어휘가 함께 늘어나는 실제 말뭉치에서는 더 클 것입니다.

# %% [markdown]
# ## 2. 얼음과 수증기: 비율이 뜻을 드러냅니다
#
# 논문의 출발점은 표 하나입니다. $X_{ik}$를 낱말 $i$의 창에 $k$가 온 횟수, $X_i = \sum_k X_{ik}$라 하면 $P(k \mid i) = X_{ik} / X_i$입니다. *ice*(얼음)와 *steam*(수증기)의 곁에 오는
# 네 낱말을 봅시다. 아래 왼쪽은 논문의 값(60억 토큰)이고, 오른쪽은 우리가 이 표를 위해 쓴 문장 130개에서 잰 값입니다.

# %%
paper = pd.DataFrame({"P(k|ice)": [1.9e-4, 6.6e-5, 3.0e-3, 1.7e-5], "P(k|steam)": [2.2e-5, 7.8e-4, 2.2e-3, 1.8e-5],
                      "논문의 비율": [8.9, 8.5e-2, 1.36, 0.96]},
                     index=["고체 solid", "기체 gas", "물 water", "패션 fashion"])
ice_corpus = datasets.load("ice-and-steam")
ice_tokens = list(tokenization.morphemes(ice_corpus.sentence, keep=("NN", "VV", "VA"), cache="ice-and-steam", progress=False))
ice_counts, ice_words = cooccurrence.count_cooccurrences(ice_tokens, window=10)
print(f"문장 {len(ice_tokens)}개, 낱말 {len(ice_words)}개. 보기: {ice_corpus.sentence[0]} → {' '.join(ice_tokens[0])}")

# %% [markdown]
# > **예측해 보세요.** `물`은 얼음과도 수증기와도 가깝고 `패션`은 어느 쪽과도 멉니다. 두 낱말의 **비율** P(k|얼음)/P(k|수증기)는 어떻게 될까요?

# %%
predict("04-ratio", choices=["물은 크고 패션은 작다", "둘 다 1에 가깝다", "둘 다 0에 가깝다"], mine=None)

# %%
def company(sentences, centre, probes, window):
    """문장마다: 중심 낱말의 창에 온 각 낱말의 횟수와, 마지막 열에 창의 모든 쌍의 수 (문장의 수, 낱말의 수 + 1)"""
    rows = []
    for sentence in sentences:
        found = cooccurrence.count_slowly([sentence], window=window)
        rows.append([found[centre, probe] for probe in probes] + [sum(n for (word, _), n in found.items() if word == centre)])
    return np.array(rows, dtype=float)


PROBES = ["고체", "기체", "물", "패션"]
near_ice, near_steam = (company(ice_tokens, word, PROBES, window=10) for word in ("얼음", "수증기"))
assert np.array_equal(near_ice.sum(axis=0)[:4], [ice_counts[ice_words.index["얼음"], ice_words.index[probe]] for probe in PROBES])


def given(near):
    """P(k|중심): 낱말마다의 횟수를 창의 모든 쌍의 수로 나눈 것"""
    total = near.sum(axis=0)
    return total[:-1] / total[-1]


def ratio_with_interval(near_one, near_other, k):
    """비율 P(k|하나) / P(k|다른 하나)와, 문장을 다시 뽑은 95% 구간"""
    def share(one, other):
        """r / (1 + r): 비율 r이 무한대가 되어도 1인 수. 크기의 순서가 같아 구간을 이것으로 구한 뒤 되돌립니다."""
        return given(one)[k] / (given(one)[k] + given(other)[k])

    with np.errstate(divide="ignore", invalid="ignore"):
        found = share(near_one, near_other), *evaluation.bootstrap_interval(share, near_one, near_other)
        return tuple(np.divide(found, 1 - np.array(found)))


ours, *ends = np.array([ratio_with_interval(near_ice, near_steam, k) for k in range(4)]).T
ends = np.array(ends).T                                                                    # (4, 2)
compare("04-ratio", 2 if np.all(np.abs(np.log(ours[2:])) < np.log(2)) else 1)
given_ice, given_steam = given(near_ice), given(near_steam)
paper.map("{:.3g}".format).assign(**{"P(k|얼음)": given_ice.round(3), "P(k|수증기)": given_steam.round(3), "우리의 비율": ours.round(2),
                                     "95% 구간": [f"[{low:.2f}, {high:.2f}]" for low, high in ends]})

# %%
fig, axis = plt.subplots(figsize=(7, 3.6))
places = np.arange(4)
axis.axhline(1, color="black", linewidth=0.8)
axis.plot(places - 0.1, paper["논문의 비율"], "D", markersize=8, label="논문 (영어, 60억 토큰)")
shown_ends = np.clip(ends, 1e-2, 1e2)
# 끝이 0이거나 무한대인 구간은 0.01과 100에서 자릅니다.
axis.errorbar(places + 0.1, ours, yerr=[ours - shown_ends[:, 0], shown_ends[:, 1] - ours], fmt="o", capsize=4,
              label=f"우리 문장 {len(ice_tokens)}개 (막대: 95% 구간)")
axis.set(yscale="log", ylabel="P(k|얼음) / P(k|수증기) (로그)", title="1보다 크면 얼음의 말, 작으면 수증기의 말")
axis.set_xticks(places, PROBES)
axis.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
axis.legend()
show(fig, alt="네 낱말의 비율을 로그 축에 나타낸 점 그림. " + ", ".join(
    f"{probe} 논문 {p:.3g}, 우리 {o:.2f}" for probe, p, o in zip(PROBES, paper["논문의 비율"], ours)) + ". 고체는 1 위, 기체는 1 아래, 물과 패션은 1 가까이에 있고 구간이 1을 품는다.")

# %%
print(f"논문의 반올림한 확률로 다시 나누면: 고체 {1.9e-4 / 2.2e-5:.1f}, 기체 {6.6e-5 / 7.8e-4:.4f}")
print(f"확률만 보면: 얼음의 곁에서 물은 고체의 {given_ice[2] / given_ice[0]:.1f}배(논문 {3.0e-3 / 1.9e-4:.0f}배), "
      f"수증기의 곁에서 물은 기체의 {given_steam[2] / given_steam[1]:.1f}배(논문 {2.2e-3 / 7.8e-4:.1f}배)")

# %% [markdown]
# 논문의 표에서 확률 하나만 보면 두 열 모두 흔한 water가 가장 클 뿐, 얼음과 수증기를 **구별하는** 낱말이 무엇인지 알 수 없습니다. (우리 문장에서는 `물`이 그만큼 두드러지지 않습니다.) 비율은 다릅니다. `고체`는 구간까지
# 1보다 크고, `기체`는 구간까지 1보다 작습니다. 둘 다와 가까운 `물`과 둘 다와 먼 `패션`은 1에 가깝고 구간이 1을 품습니다. 구별하지 못하는 말(물, 패션)을 지우고 구별하는 말(고체, 기체)만 남기는 것이 비율의 힘입니다.
# 구간의 끝이 0이나 무한대(inf)인 것은, 다시 뽑은 문장들에서 한쪽과 한 번도 만나지 않은 일이 있었기 때문입니다. (기체의 비율을 0.0085로 옮겨 적은 글을 만나면 위처럼 다시 나누어 보세요. 0.085입니다. 고체가
# 8.9와 조금 다른 것은 논문의 확률이 반올림한 값이기 때문입니다.)
#
# *왜 틀릴 수 있을까요?* 이 문장들은 **이 표를 보이려고** 우리가 쓴 것이므로, 방향이 맞은 것은 발견이 아니라 예시입니다. 문장이 적어 구간도 넓습니다. 그래서 이 표를 위해 쓰지 않은 백과사전에서도 해
# 봅니다. `과일`과 `동물`을 구별하는 말은 무엇일까요?

# %%
fruit, animal = (counts[[vocabulary.index[word]]].toarray().ravel() for word in ("과일", "동물"))
long_enough = np.array([len(word) > 1 for word in vocabulary.words])                        # 한 글자 조사는 뺍니다
met_both = np.flatnonzero((fruit > 0) & (animal > 0) & (fruit + animal >= 8) & long_enough)
ratio = (fruit[met_both] / fruit.sum()) / (animal[met_both] / animal.sum())
order = np.argsort(-ratio)
groups = {"비율이 큰 말": order[:4], "비율이 작은 말": order[::-1][:4], "둘 다와 많이 만난 말": np.argsort(-np.minimum(fruit, animal)[met_both])[:4]}
about = [[word for word in sentence if word in vocabulary] for sentence in tokens if "과일" in sentence or "동물" in sentence]
for name, chosen in groups.items():
    words = [vocabulary.words[met_both[n]] for n in chosen]
    near_fruit, near_animal = (company(about, word, words, window=5) for word in ("과일", "동물"))
    assert np.allclose(given(near_fruit) / given(near_animal), ratio[chosen])
    found = [ratio_with_interval(near_fruit, near_animal, k) for k in range(len(words))]
    print(f"{name}: " + ", ".join(f"{word} {r:.2f} [{low:.2f}, {high:.2f}]" for word, (r, low, high) in zip(words, found)))
print(f"둘 가운데 하나와만 만난 낱말(비율이 0이나 무한대): {np.sum((fruit > 0) != (animal > 0)) / np.sum((fruit > 0) | (animal > 0)):.0%}")

# %% [markdown]
# 과일은 사고 동물은 봅니다. 두 비율의 구간은 1을 품지 않습니다. 둘 다와 많이 만난 `이다`, `에서`의 비율은 1에서 멀지 않습니다. 다만 비율이 가장 큰 말과 작은 말은 **골라낸** 것이어서 실제보다
# 두드러져 보입니다. 또 `먹다`처럼 구간이 1을 품는 말은 구별하는 말이라고
# 할 수 없습니다. 그리고 마지막 줄을 보세요. 작은 말뭉치에서는 한쪽과만 만난 낱말이 많아 비율이 0이나 무한대가 됩니다.
# **0을 어떻게 다룰 것인가**는 이 강의 끝까지 따라다닐 물음입니다.

# %% [markdown]
# ### ✏️ 연습 4-1 (2점): 확률의 비율
# 횟수 행렬 `counts`(numpy 배열, V×V)와 번호 `i`, `j`, `k`를 받아 $P(k \mid i) / P(k \mid j)$를 돌려주는 `probability_ratio`를 완성하세요. 분모가 0이면 `np.inf`입니다.
#
# <details><summary>힌트 1</summary> P(k|i)는 i번째 <b>행</b>의 합으로 나눕니다. 행렬이 대칭이 아닐 수도 있습니다. </details>
# <details><summary>힌트 2</summary> 곱으로 바꾸어 쓸 수도 있습니다: (X_ik · X_j) / (X_jk · X_i). </details>

# %% nbgrader={"schema_version": 3, "grade_id": "04-ratio-of-probabilities", "grade": false, "solution": true, "locked": false, "task": false}
def probability_ratio(counts, i, j, k):
    ### BEGIN SOLUTION
    given_i = counts[i, k] / counts[i].sum()
    given_j = counts[j, k] / counts[j].sum()
    return float(given_i / given_j) if given_j > 0 else np.inf
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "04-ratio-of-probabilities-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("04-ratio-of-probabilities", points=2, hint="P(k|i) = counts[i, k] / counts[i].sum() 입니다."):
    small = np.array([[0, 6, 2], [3, 0, 3], [2, 0, 2]])
    assert np.isclose(probability_ratio(small, 0, 1, 2), (2 / 8) / (3 / 6))
    assert np.isclose(probability_ratio(small, 1, 0, 2), 2.0)
    assert probability_ratio(small, 0, 2, 1) == np.inf, "P(k|j) = 0이면 np.inf입니다."

# %% [markdown]
# ## 3. 유도: 비율에서 식까지
#
# 낱말 벡터 $w_i$, $w_j$와 문맥 벡터 $\tilde w_k$만으로 비율을 만들어 내는 함수 $F$를 찾습니다.
#
# **① 출발.** $F(w_i, w_j, \tilde w_k) = \dfrac{P(k \mid i)}{P(k \mid j)}$
#
# **② 차이만 봅니다.** 비율은 $i$와 $j$를 *비교*한 것이고 벡터 공간에서는 비교를 뺄셈으로 하므로: $F(w_i - w_j, \tilde w_k)$
#
# **③ 수로 만듭니다.** 왼쪽은 벡터, 오른쪽은 수입니다. 좌표가 제멋대로 섞이지 않게 내적을 씁니다: $F\big((w_i - w_j)^\top \tilde w_k\big)$
#
# **④ 준동형**(homomorphism)**을 요구합니다.** 왼쪽의 안쪽은 $w_i^\top \tilde w_k - w_j^\top \tilde w_k$로 **뺄셈**이고, 오른쪽은 $i$의 것을 $j$의 것으로 나눈 **나눗셈**입니다. 그러므로 $F$는
# 뺄셈을 나눗셈으로
# 바꾸어야 합니다: $F(a - b) = F(a) / F(b)$. 그러면 $F(w_i^\top \tilde w_k) = P(k \mid i)$로 두면 됩니다. 어떤 함수가 이 성질을 가질까요?

# %% [markdown]
# > **예측해 보세요.** 다음 가운데 모든 $a$, $b$에서 $F(a-b) = F(a)/F(b)$인 것은?

# %%
CANDIDATES = {"1 + x²": lambda x: 1 + x**2, "시그모이드": lambda x: 1 / (1 + np.exp(-x)), "exp(x)": np.exp, "|x|": np.abs}
predict("04-homomorphism", choices=list(CANDIDATES), mine=None)

# %%
a, b = np.random.default_rng(0).normal(size=(2, 1000))
gaps = {name: np.abs(F(a - b) - F(a) / F(b)).max() for name, F in CANDIDATES.items()}
compare("04-homomorphism", min(gaps, key=gaps.get))
for name, worst in gaps.items():
    print(f"{name:<8} 가장 큰 어긋남 {worst:.2g}")

# %% [markdown]
# 연속인 함수로는 $e^{cx}$ 꼴뿐이고($c$는 벡터의 길이에 흡수됩니다), 그래서 $F = \exp$입니다. 양변에 로그를 취하면
#
# **⑤** $w_i^\top \tilde w_k = \log P(k \mid i) = \log X_{ik} - \log X_i$ ($P(k \mid i) = X_{ik} / X_i$이므로)
#
# **⑥ 대칭이 깨집니다.** 낱말과 문맥은 이름만 다를 뿐 창에서 하는 일이 같으므로, $i$와 $k$를 바꾸어도($w \leftrightarrow \tilde w$, $X \leftrightarrow X^\top$) 식이 같아야 합니다. 그런데 오른쪽은 그렇지
# 않습니다.

# %%
i, k = vocabulary.index["고양이"], vocabulary.index["는"]
print(f"X_ik = {counts[i, k]:.0f} = X_ki = {counts[k, i]:.0f} 이지만")
print(f"log P(는|고양이) = {np.log(counts[i, k] / counts[[i]].sum()):.2f}, log P(고양이|는) = {np.log(counts[k, i] / counts[[k]].sum()):.2f}")

# %% [markdown]
# **⑦ 편향으로 옮깁니다.** 대칭을 깨는 $\log X_i$는 $k$와 상관없으므로 낱말마다 하나인 수 $b_i$에 넣고, 짝을 맞추어 문맥에도 $\tilde b_k$를 줍니다.
#
# $$w_i^\top \tilde w_k + b_i + \tilde b_k = \log X_{ik}$$
#
# **⑧ 정확히 맞출 수는 없으니** 제곱 오차를 줄이고, 칸마다 가중치 $f(X_{ik})$를 줍니다(4절). 줄이려는 양 $J$를 **비용**(cost)이라고 하겠습니다. 03강의 손실과 같은 뜻입니다. 0인 칸은 $\log 0$이 없으므로
# $f(0) = 0$, 곧 **보지 않습니다**.
#
# $$J = \sum_{X_{ik} > 0} f(X_{ik}) \big(w_i^\top \tilde w_k + b_i + \tilde b_k - \log X_{ik}\big)^2$$
#
# 유도가 말하는 것을 시험해 봅시다. 학습한 벡터에서 (가) 두 벡터의 **차이**와 $\tilde w_k$의 내적에 편향의 차이를 더하면 로그 횟수의 차이가 되어야 하고, (나) $\log X_i$를 맡긴 $b_i$는 $\log X_i$와 나란해야 합니다.

# %% [markdown]
# > **예측해 보세요.** 얼음과 수증기의 벡터를 뺀 것과 `기체`의 내적, $(w_{얼음} - w_{수증기})^\top \tilde w_{기체}$의 부호는?

# %%
predict("04-difference", choices=["양수", "0에 가깝다", "음수"], mine=None)

# %%
ice_model = GloVe(dimensions=10, epochs=200).fit(ice_counts, ice_words)
ice, steam = ice_words.index["얼음"], ice_words.index["수증기"]
both = [k for k in range(len(ice_words)) if ice_counts[ice, k] and ice_counts[steam, k] and k not in (ice, steam)]
difference = (ice_model.word_vectors_[ice] - ice_model.word_vectors_[steam]) @ ice_model.context_vectors_[both].T
row_sums = ice_counts.sum(axis=1)
bias_gap = ice_model.word_biases_[ice] - ice_model.word_biases_[steam] - np.log(row_sums[ice] / row_sums[steam])
log_ratio = np.array([np.log(ice_counts[ice, k] / row_sums[ice]) - np.log(ice_counts[steam, k] / row_sums[steam]) for k in both])
gas = difference[both.index(ice_words.index["기체"])]
compare("04-difference", "음수" if gas < -0.3 else "양수" if gas > 0.3 else "0에 가깝다")

fig, axis = plt.subplots(figsize=(6.5, 4.6))
axis.axline((0, -bias_gap), slope=1, color="black", linewidth=0.8, label="유도대로라면")
axis.plot(log_ratio, difference, "o")
named = [n for n, k in enumerate(both) if ice_words.words[k] in PROBES]
axis.set(xlabel="log [P(k|얼음) / P(k|수증기)]", ylabel="(얼음 − 수증기) · 문맥 벡터 k", title="벡터의 차이와의 내적이 로그 비율이 됩니다")
axis.margins(0.12)
label_points(axis, [(log_ratio[n], difference[n]) for n in named], [ice_words.words[both[n]] for n in named])
axis.legend()
fit = np.corrcoef(log_ratio, difference)[0, 1]
show(fig, alt=f"가로축은 로그 비율, 세로축은 벡터의 차이와의 내적. 두 낱말과 모두 만난 {len(both)}개 낱말이 기울기 1의 직선 둘레에 놓인다(상관 {fit:.3f}). "
              f"고체는 오른쪽 위, 기체는 왼쪽 아래, 물과 패션은 가운데에 있다.")

# %%
model = GloVe(DIMENSIONS, epochs=25).fit(counts, vocabulary)
log_row_sums = np.log(counts.sum(axis=1))
print(f"(가) 로그 비율과의 상관 {fit:.3f} (얼음·수증기 문장 {len(ice_tokens)}개)")
print(f"(나) log X_i와의 상관 (백과사전, 낱말 {len(vocabulary):,}개): 편향 b_i {np.corrcoef(model.word_biases_, log_row_sums)[0, 1]:.3f}, "
      f"벡터의 길이 ‖w_i‖ {np.corrcoef(np.linalg.norm(model.word_vectors_, axis=1), log_row_sums)[0, 1]:.3f}")

# %% [markdown]
# (가)는 그대로 되었습니다. 낱말들이 직선을 따라 놓였습니다. "GloVe는 *두 낱말 벡터의 내적*이 비율(8.9)이 되게 한다"는 설명을 가끔 보는데, 정확히는 **두 벡터의 차이**와 문맥 벡터의 내적이 비율의 **로그**가
# 됩니다. 02강의 PMI가 $\log X_{ik} - \log X_i - \log X_k + \log N$이었으니, 유도대로 편향이 $\log X_i$와 $\log X_k$를(상수 $\log N$까지 나누어) 맡는다면 GloVe의 내적은 **PMI의 분해**입니다.
#
# 그런데 (나)는 **기대와 어긋납니다**. 편향과 $\log X_i$의 상관이 낮습니다. 낱말이 얼마나 흔한지는 편향이 아니라 오히려 **벡터의 길이**에 들어갔습니다. 왜 그럴까요? 8절에서 까닭을 찾아 시험합니다.
#
# *왜 틀릴 수 있을까요?* 이 문장들은 칸이 매개변수에 비해 적어 거의 외울 수 있습니다. 직선에 잘 붙는 것은 유도가 옳게 쓰였다는 확인이지, 벡터가 좋다는 증거가 아닙니다.

# %% [markdown]
# ## 4. 가중 함수 f(x): 드문 칸은 덜 믿고, 흔한 칸에 휘둘리지 않기
#
# $$f(x) = \begin{cases} (x / x_{\max})^{\alpha} & x < x_{\max} \\ 1 & x \ge x_{\max} \end{cases}$$
#
# - **드문 칸**: 한 번 만난 쌍의 $\log X$에는 우연이 많이 섞여 있으므로 가중치를 줄입니다. $f(0) = 0$이어서 0인 칸은 사라집니다.
# - **흔한 칸**: `는–이` 같은 쌍이 비용을 독차지하지 않도록 1에서 자릅니다.
# - $\alpha = 3/4$는 이론이 아니라 경험으로 고른 값입니다. 02강의 문맥 평활, 03강의 음성 표집에도 같은 3/4이 나왔습니다.
# - $x_{\max}$의 논문 값은 100입니다. 작은 말뭉치에서는 거기에 이르는 칸이 거의 없으므로 이 과정의 기본값은 10입니다.

# %%
for x_max in (1, 10, 100):
    weights = np.minimum(1, (counts.data / x_max) ** 0.75)
    print(f"x_max = {x_max:>3}: x_max 이상인 칸 {np.mean(counts.data >= x_max):7.2%}, 가중치의 중앙값 {np.median(weights):.3f}")
x = np.linspace(0, 150, 600)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for alpha, style in ((0.5, ":"), (0.75, "-"), (1.0, "--")):
    axes[0].plot(x, np.minimum(1, (x / 100) ** alpha), style, label=f"α = {alpha:g}")
axes[0].set(xlabel="횟수 x", ylabel="가중치 f(x)", title="x_max = 100")
axes[0].legend()
order = np.sort(counts.data)[::-1]
weight_of = {"가중치 없음": np.ones(len(order)), "f(x), x_max = 10": np.minimum(1, (order / 10) ** 0.75), "횟수 x": order}
for (name, weight), style in zip(weight_of.items(), ("--", "-", ":")):
    axes[1].plot(np.arange(1, len(order) + 1) / len(order), np.cumsum(weight) / weight.sum(), style, label=name)
axes[1].set(xscale="log", xlabel="횟수가 큰 칸부터 센 비율 (로그)", ylabel="가중치의 합에서 차지하는 비율", title="비용을 어느 칸이 정하는가")
axes[1].set_xticks([1e-4, 1e-3, 1e-2, 1e-1, 1], ["0.01%", "0.1%", "1%", "10%", "100%"])
axes[1].minorticks_off()
axes[1].legend()
top = len(order) // 100
described = ", ".join(f"{name} {weight[:top].sum() / weight.sum():.0%}" for name, weight in weight_of.items())
show(fig, alt=f"왼쪽은 α가 0.5, 0.75, 1일 때의 f(x)로, 100에서 모두 1에 닿는다. 오른쪽은 횟수가 큰 칸부터 더한 가중치의 비율. 가장 큰 1%의 칸이 차지하는 비율은 {described}.")

# %% [markdown]
# 오른쪽 그림에서 가로축이 1%인 곳을 보세요. 횟수를 그대로 가중치로 쓰면(점선) 횟수가 큰 1%의 칸이 비용의 큰 부분을 정합니다. f(x)를 쓰면(실선) 그 비율이 몇 %로 줄고, 가중치가 없을 때(파선)보다는 조금 큽니다.
#
# > **예측해 보세요.** 가중치를 아예 없애면($\alpha = 0$) 두 시험의 값은 어떻게 될까요?

# %%
predict("04-alpha", choices=["둘 다 떨어진다", "유추만 분명히 떨어진다", "차이가 있다고 말할 수 없다"], mine=None)

# %%
def glove(seed=0, d=DIMENSIONS, epochs=25, on=counts, **options):
    return GloVe(d, epochs=epochs, seed=seed, **options).fit(on, vocabulary)


standard_models = [glove(seed) for seed in SEEDS]
standard = measured("GloVe α = 0.75, x_max = 10", [m.vectors_ for m in standard_models])
VARIANTS = {"α = 0 (가중치 없음)": {"alpha": 0}, "α = 0.5": {"alpha": 0.5}, "α = 1": {"alpha": 1},
            "x_max = 1": {"x_max": 1}, "x_max = 100": {"x_max": 100}}
others = [measured(name, [glove(seed, **options).vectors_ for seed in SEEDS]) for name, options in VARIANTS.items()]


def verdict(result, base, key):
    """차이의 구간이 0보다 위이면 1, 아래이면 −1, 0을 품으면 0"""
    _, low, high = gap(result, base, key)
    return int(low > 0) - int(high < 0)


without_weight = tuple(verdict(others[0], standard, key) for key in ("near", "solved"))
compare("04-alpha", {(-1, -1): 1, (0, -1): 2, (0, 0): 3}.get(without_weight, "그 밖의 결과"))
table_of([standard, *others], standard)

# %% [markdown]
# 가중치는 장식이 아닙니다. α = 0이면 한 번 만난 쌍이 백 번 만난 쌍과 똑같은 목소리를 냅니다. (정수 횟수에서는 x_max = 1도 모든 가중치가 1이어서 α = 0과 같은 것이 됩니다. 표에서 확인하세요.) 반대로
# x_max = 100이면 거의 모든 칸의 가중치가 작아져, 같은 에폭(epoch, 칸 전체를 한 번 도는 것)에 배우는 양이 줄어듭니다. 논문이 고른 3/4이 여기서도 가장 좋은 값일까요? α = 1의 줄에서 차이의 구간이 0보다 위에
# 있는지 보세요.
#
# *왜 틀릴 수 있을까요?* x_max를 바꾸면 가중치의 **크기**도 함께 바뀌므로 AdaGrad의 걸음도 달라집니다. "x_max = 100이 나쁘다"가 아니라 "25 에폭으로는 모자라다"일 수 있습니다. 조절값을 비교할 때는
# 저마다 알맞은 에폭을 주어야 공평합니다(5절). 또 이 시험을 보고 α를 고른다면, 그 점수를 다시 성능으로 보고해서는 안 됩니다(02강).

# %% [markdown]
# ### ✏️ 연습 4-2 (2점): 가중 함수
# 횟수의 배열 `x`를 받아 같은 모양의 가중치를 돌려주는 `weight`를 완성하세요. 0에는 0, `x_max` 이상에는 1입니다.
#
# <details><summary>힌트 1</summary> 먼저 <code>(x / x_max) ** alpha</code>를 구하고, 1보다 큰 것을 자릅니다. </details>
# <details><summary>힌트 2</summary> <code>np.minimum</code>은 원소마다 작은 쪽을 고릅니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "04-weight", "grade": false, "solution": true, "locked": false, "task": false}
def weight(x, x_max=100.0, alpha=0.75):
    ### BEGIN SOLUTION
    return np.minimum(1.0, (np.asarray(x, dtype=float) / x_max) ** alpha)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "04-weight-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("04-weight", points=2, hint="x를 x_max로 나누어 alpha제곱한 다음, 1보다 큰 것은 1로 자릅니다."):
    assert np.allclose(weight(np.array([0, 16, 100, 5000])), [0, 0.16**0.75, 1, 1])
    assert np.allclose(weight(np.array([[1.0, 5.0], [10.0, 20.0]]), x_max=10, alpha=0.5), [[0.1**0.5, 0.5**0.5], [1, 1]])

# %% [markdown]
# ## 5. 손으로 학습하기: 기울기와 AdaGrad
#
# 칸 하나의 비용은 $\frac12 f(X)\,\delta^2$(½은 미분할 때 나오는 2를 지우려고 붙였습니다), $\delta = w^\top \tilde w + b + \tilde b - \log X$입니다. 기울기는 한 줄씩입니다.
#
# $$\frac{\partial}{\partial w} = f\,\delta\,\tilde w, \qquad \frac{\partial}{\partial \tilde w} = f\,\delta\,w, \qquad
# \frac{\partial}{\partial b} = \frac{\partial}{\partial \tilde b} = f\,\delta$$
#
# 낱말마다 만나는 칸의 수가 크게 다르므로, 모든 매개변수에 같은 학습률을 주면 흔한 낱말은 요동치거나 드문 낱말은 제자리에 머물기 쉽습니다. **AdaGrad**(Duchi 외 2011)는 매개변수마다 지금까지의 기울기 제곱을
# 더해 두고 그 제곱근으로 걸음을 나눕니다. $g$에 학습률 η를 곱한 것을 $\tilde g$라 하면
#
# $$\theta \leftarrow \theta - \frac{\tilde g}{\sqrt{s}}, \qquad s \leftarrow s + \tilde g^2, \qquad s_0 = 1$$
#
# Duchi 외의 식은 $s$에 먼저 더하고 나누지만, GloVe를 만든 사람들의 프로그램은 $s_0 = 1$에서 시작해 **나눈 다음에** 더합니다. 아래는 이것을 그대로 옮긴 것입니다. 그 프로그램의 지금 판처럼 편향에는 η를 곱하지
# 않습니다(그래서 편향이 먼저 자리를 잡습니다).

# %%
def train_by_hand(counts, d=10, epochs=10, rate=0.05, bias_rate=1.0, adagrad=True, x_max=10.0, alpha=0.75, seed=0):
    """칸을 하나씩 돌며 배우고 에폭마다 ½ f δ²의 평균을 돌려줍니다. rate와 bias_rate는 수 하나이거나 에폭마다의 수입니다."""
    rng = np.random.default_rng(seed)
    cells = counts.tocoo()
    V = counts.shape[0]
    w, c = ((rng.random((V, d)) - 0.5) / d for _ in range(2))
    b, b_context = np.zeros(V), np.zeros(V)
    squares = [np.ones_like(values) for values in (w, c, b, b_context)]
    logs, weights = np.log(cells.data), np.minimum(1, (cells.data / x_max) ** alpha)
    costs = []
    for now, bias_now in zip(np.broadcast_to(rate, epochs), np.broadcast_to(bias_rate, epochs)):
        total = 0.0
        for n in rng.permutation(cells.nnz):
            i, k = cells.row[n], cells.col[n]
            delta = w[i] @ c[k] + b[i] + b_context[k] - logs[n]
            if not abs(delta) < 1e6:                                                          # 발산했습니다
                return np.array(costs + [np.inf] * (epochs - len(costs)))
            g = weights[n] * delta
            total += g * delta / 2
            steps = (now * g * c[k], now * g * w[i], bias_now * g, bias_now * g)
            for values, square, at, step in zip((w, c, b, b_context), squares, (i, k, i, k), steps):
                values[at] = values[at] - (step / np.sqrt(square[at]) if adagrad else step)
                square[at] = square[at] + step**2
        costs.append(total / cells.nnz)
    return np.array(costs)


by_hand = train_by_hand(ice_counts, epochs=10)
package = GloVe(10, epochs=10).fit(ice_counts).costs_
assert np.allclose(by_hand[1:], package[1:], rtol=0.1), (by_hand, package)
print("에폭      ", " ".join(f"{n:6d}" for n in range(1, 11)))
print("손으로    ", " ".join(f"{cost:6.3f}" for cost in by_hand))
print("lab_utils ", " ".join(f"{cost:6.3f}" for cost in package))

# %% [markdown]
# 칸의 순서와 처음 값이 달라 똑같지는 않지만 같은 곡선입니다(둘째 에폭부터 10% 안에서 같음을 assert가 확인합니다). 이 파이썬 반복문은 느려서 큰 행렬에는 쓸 수 없습니다. `GloVe`는 같은 셈을 numba로 컴파일해
# 모든 코어에서 돌립니다. 얼마나 빠른지는 6절에서 봅니다.
#
# > **예측해 보세요.** 백과사전에서 가장 흔한 낱말 100개의 행렬을 AdaGrad와, 걸음을 나누지 않는 확률적 경사하강법(SGD, 03강)으로 배웁니다. 학습률을 **저마다 가장 잘 골랐을 때**, SGD의 비용은?

# %%
predict("04-adagrad", choices=["AdaGrad보다 작다", "거의 같다 (10% 안)", "AdaGrad보다 크다"], mine=None)

# %%
RATES = [0.05, 0.1, 0.2, 0.4]
EPOCHS = 5
HAND_SEEDS = by_profile(smoke=[0], laptop=[0, 1], gpu=[0, 1, 2])
frequent_counts, frequent_words = cooccurrence.count_cooccurrences(tokens, window=5, max_vocabulary=100)


def curves(rate, adagrad):
    """시드마다의 비용 (시드, 에폭). 공평하도록 여기서는 편향에도 η를 곱합니다."""
    return np.array([train_by_hand(frequent_counts, epochs=EPOCHS, rate=rate, bias_rate=rate, adagrad=adagrad, seed=seed) for seed in HAND_SEEDS])


plain, adaptive = ({rate: curves(rate, adagrad) for rate in RATES} for adagrad in (False, True))
suddenly = curves([0.2] * (EPOCHS - 1) + [0.02], adagrad=False)                              # 마지막 에폭에서만 η를 줄입니다
slowly = curves(np.linspace(0.2, 0.02, EPOCHS), adagrad=False)                              # 에폭마다 조금씩 줄입니다
finals = [{rate: values[:, -1].mean() for rate, values in each.items()} for each in (plain, adaptive)]
best_plain, best_adaptive = (min(each, key=each.get) for each in finals)
quotient = finals[0][best_plain] / finals[1][best_adaptive]
compare("04-adagrad", 2 if abs(quotient - 1) < 0.1 else 1 if quotient < 1 else 3)


def described(values):
    last = values[:, -1]
    return f"{last.mean():.3f} ({last.min():.3f}~{last.max():.3f})" if np.isfinite(last).all() else "발산"


fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True, layout="constrained")
for axis, each, name in zip(axes, (plain, adaptive), ("SGD: 모두에 같은 η", "AdaGrad")):
    for (rate, values), marker in zip(each.items(), "o^sD"):
        label = f"η = {rate:g}" + ("" if np.isfinite(values[:, -1]).all() else " (발산)")
        axis.plot(np.arange(1, EPOCHS + 1), values.mean(axis=0), marker=marker, label=label)
    axis.set(xlabel="에폭", title=name, yscale="log", xticks=range(1, EPOCHS + 1))
axes[0].plot(np.arange(1, EPOCHS + 1), slowly.mean(axis=0), "k:", marker="x", label="η를 0.2에서 0.02로 줄여 감")
for axis in axes:
    axis.legend()
axes[0].set_ylabel("비용 (로그)")
axes[0].set_yticks([0.15, 0.2, 0.25, 0.3, 0.4, 0.5], ["0.15", "0.2", "0.25", "0.3", "0.4", "0.5"])
axes[0].minorticks_off()
show(fig, alt=f"흔한 낱말 {len(frequent_words)}개의 행렬에서 에폭에 따른 비용, 로그 축. {EPOCHS} 에폭 뒤 " + "; ".join(
    f"{name} " + ", ".join(f"η={rate:g} {described(values)}" for rate, values in each.items())
    for name, each in (("SGD", plain), ("AdaGrad", adaptive)))
    + f"; η를 줄여 가는 SGD {described(slowly)}.")

# %%
weight_sums = np.bincount(frequent_counts.tocoo().row, np.minimum(1, (frequent_counts.tocoo().data / 10) ** 0.75))
filled_cells = np.diff(frequent_counts.indptr)
print(f"한 에폭에 낱말마다 만나는 칸은 {filled_cells.min()}~{filled_cells.max()}개, 그 가중치의 합은 {weight_sums.min():.0f}~{weight_sums.max():.0f}입니다.")
for name, each, best_rate in (("SGD", plain, best_plain), ("AdaGrad", adaptive, best_adaptive)):
    print(f"{name}: 가장 좋은 η = {best_rate:g}에서 {described(each[best_rate])}. η마다 "
          + ", ".join(f"{rate:g}: {described(values)}" for rate, values in each.items()))
print(f"SGD, η = 0.2: {EPOCHS - 1} 에폭 뒤 {plain[0.2][:, -2].mean():.3f}. 다음 에폭도 0.2이면 {described(plain[0.2])}, 다음 에폭만 0.02이면 {described(suddenly)}")
print(f"SGD, η를 0.2에서 0.02로 줄여 가면 {described(slowly)}")

# %% [markdown]
# 저마다 가장 잘 고른 η에서는 두 방법의 비용이 거의 같습니다. 차이는 η를 **크게 잡았을 때** 드러납니다. SGD는 곧 멈추거나 발산하지만 AdaGrad의 비용은 계속 내려갑니다. SGD가 멈춘 까닭은 골짜기의 바닥을 큰 걸음으로
# 건너다니며 요동치기 때문일까요? 그렇다면 η를 줄이는 순간 바닥으로 내려앉아야 합니다. 마지막 에폭에서만 η를 줄여 보니 정말 비용이 뚝 떨어졌습니다(위 출력의 뒤에서 둘째 줄).
#
# AdaGrad는 많이 움직인 성분의 걸음을 저절로 줄입니다. 걸음에서 η를 안으로 옮기면 $\dfrac{g}{\sqrt{1/\eta^2 + \sum g^2}}$이므로(`GloVe`의 셈이 이 꼴입니다), η는 제곱합의 **출발점**일 뿐이고 기울기가 쌓일수록
# 그 영향이 줄어듭니다.
#
# *왜 틀릴 수 있을까요?* 학습률의 후보가 넷뿐이고 에폭도 적습니다. 그리고 η를 에폭마다 줄여 가는 SGD는 여기서 AdaGrad보다도 낮은 비용에 닿았습니다(그림의 점선). 그러므로 "AdaGrad가 더 좋다"가 아니라 "학습률을 덜 까다롭게
# 골라도 된다"가 맞는 말입니다. AdaGrad도 만능이 아니어서, η가 아주 크면 제곱합이 쌓이기 전 몇 걸음에서 벡터가 끝없이 커집니다.
#
# ### 비용이 내려가면 벡터가 좋아질까요?
# 매개변수는 $2V(d+1)$개입니다. 백과사전의 칸의 수와 비교해 봅시다.

# %%
parameters = 2 * len(vocabulary) * (DIMENSIONS + 1)
print(f"매개변수 {parameters:,}개, 0이 아닌 칸 {counts.nnz:,}개")

# %% [markdown]
# > **예측해 보세요.** 에폭을 100까지 늘리면 비용은 계속 내려갑니다. 범주 일치율과 유추 정답률은?

# %%
predict("04-longer", choices=["둘 다 계속 오른다", "둘 다 오르다가 떨어진다", "둘 다 처음부터 떨어진다"], mine=None)

# %%
LENGTHS = by_profile(smoke=[3, 10, 25], laptop=[3, 6, 12, 25, 50, 100], gpu=[3, 6, 12, 25, 50, 100])
longer = [[glove(seed, epochs=n) for seed in SEEDS] for n in LENGTHS]
by_length = [measured("", [m.vectors_ for m in models]) for models in longer]
near, solved = np.moveaxis(np.array([result["seeds"] for result in by_length]), -1, 0)      # 둘 다 (길이, 시드)
costs = np.array([[m.costs_[-1] for m in models] for models in longer])
peaks = [int(values.mean(axis=1).argmax()) for values in (near, solved)]
last = len(LENGTHS) - 1
for title, key, peak in (("범주 일치율", "near", peaks[0]), ("유추 정답률", "solved", peaks[1])):
    print(f"{title}: 가장 높은 {LENGTHS[peak]} 에폭에서 {LENGTHS[-1]} 에폭까지의 변화 "
          + ("없음" if peak == last else written(gap(by_length[-1], by_length[peak], key))))
compare("04-longer", 1 if min(peaks) == last else 3 if max(peaks) == 0 else 2 if 0 < min(peaks) and max(peaks) < last else "한쪽만 오르다가 떨어진다")

fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
axes[0].errorbar(LENGTHS, costs.mean(axis=1), yerr=[costs.mean(axis=1) - costs.min(axis=1), costs.max(axis=1) - costs.mean(axis=1)],
                 marker="o", capsize=3)
axes[0].set(xscale="log", yscale="log", xlabel="에폭 (로그)", ylabel="비용 (로그)", title="학습 곡선")
for values, name, marker in ((near, "범주 일치율", "o"), (solved, "유추 정답률", "s")):
    middle = values.mean(axis=1)
    axes[1].errorbar(LENGTHS, middle, yerr=[middle - values.min(axis=1), values.max(axis=1) - middle], marker=marker, capsize=3, label=name)
axes[1].set(xscale="log", xlabel="에폭 (로그)", ylim=(0, 1), title="벡터의 품질 (막대: 시드의 범위)")
axes[1].legend()
for axis in axes:
    axis.set_xticks(LENGTHS, LENGTHS)
    axis.minorticks_off()
axes[0].set_yticks([0.001, 0.01, 0.1], ["0.001", "0.01", "0.1"])
lowest = int(solved.mean(axis=1)[:peaks[1] + 1].argmin())
dip = f"{LENGTHS[lowest]} 에폭의 {solved[lowest].mean():.2f}로 내려갔다가 " if lowest else ""
show(fig, alt=f"왼쪽: 에폭이 {LENGTHS[0]}에서 {LENGTHS[-1]}까지 늘 때 비용은 {costs[0].mean():.3f}에서 {costs[-1].mean():.4f}로 내려간다. "
              f"오른쪽: 범주 일치율은 {near[0].mean():.2f}에서 "
              f"{LENGTHS[peaks[0]]} 에폭의 {near[peaks[0]].mean():.2f}까지 올랐다가 {near[-1].mean():.2f}로, 유추 정답률은 {solved[0].mean():.2f}에서 {dip}"
              f"{LENGTHS[peaks[1]]} 에폭의 {solved[peaks[1]].mean():.2f}까지 올랐다가 {solved[-1].mean():.2f}로 바뀐다.")

# %% [markdown]
# 비용은 계속 내려가지만 품질은 끝까지 따라 오르지 않습니다. 두 시험에서 가장 높은 곳도 서로 다릅니다. 매개변수가 칸보다 많아 **외우기**(과적합, overfitting)가 되기 때문으로 보입니다. 비용은 "본 칸의 로그 횟수를 얼마나 잘 되살리는가"일 뿐,
# 우리가 바라는
# 것이 아닙니다. 학습을 언제 멈출지는 비용이 아니라 쓰임새의 시험으로 정해야 합니다.
#
# *왜 틀릴 수 있을까요?* 이것은 칸이 적은 작은 말뭉치의 이야기입니다. 논문처럼 칸이 매개변수보다 훨씬 많으면 비용과 품질이 더 오래
# 함께 갈 수 있습니다. 또 가장 높은 곳은 이 점수를 보고 **고른** 것이므로, 거기서 떨어진 크기는 실제보다 조금 크게 나옵니다.

# %% [markdown]
# ### ✏️ 연습 4-3 (3점): 칸 하나의 기울기
# 벡터 `w`, `c`, 편향 `b`, `b_context`, 횟수 `x`를 받아 $\frac12 f(x)\delta^2$의 기울기를 `(w의 기울기, c의 기울기, b의 기울기)`로 돌려주는 `glove_gradient`를 완성하세요. $f$는 4절의 것이고
# $\delta = w^\top c + b + \tilde b - \log x$입니다.
#
# <details><summary>힌트 1</summary> 먼저 수 하나를 만듭니다: g = f(x) · δ. 나머지는 여기에 무엇을 곱하느냐입니다. </details>
# <details><summary>힌트 2</summary> w의 기울기에는 c가, c의 기울기에는 w가 곱해집니다. 앞의 ½은 제곱의 미분에서 나온 2와 지워집니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "04-gradient", "grade": false, "solution": true, "locked": false, "task": false}
def glove_gradient(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
    ### BEGIN SOLUTION
    delta = np.dot(w, c) + b + b_context - np.log(x)
    common = min(1.0, (x / x_max) ** alpha) * delta
    return common * c, common * w, float(common)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "04-gradient-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("04-gradient", points=3, hint="셋 모두에 f(x)·δ가 곱해집니다. 수치 미분과 비교해 보세요."):
    def cost_of_cell(w, c, b, b_context, x, x_max=10.0, alpha=0.75):
        return 0.5 * min(1, (x / x_max) ** alpha) * (w @ c + b + b_context - np.log(x)) ** 2

    some_w, some_c = np.array([0.3, -0.2, 0.5]), np.array([0.1, 0.4, -0.6])
    for some_x in (3.0, 40.0):
        in_w, in_c, in_b = glove_gradient(some_w, some_c, 0.2, -0.1, some_x)
        tiny = 1e-6
        for n in range(3):
            nudge = np.eye(3)[n] * tiny
            slope = (cost_of_cell(some_w + nudge, some_c, 0.2, -0.1, some_x) - cost_of_cell(some_w - nudge, some_c, 0.2, -0.1, some_x)) / (2 * tiny)
            assert np.isclose(in_w[n], slope, atol=1e-6), "w의 기울기가 수치 미분과 다릅니다."
            slope = (cost_of_cell(some_w, some_c + nudge, 0.2, -0.1, some_x) - cost_of_cell(some_w, some_c - nudge, 0.2, -0.1, some_x)) / (2 * tiny)
            assert np.isclose(in_c[n], slope, atol=1e-6), "c의 기울기가 수치 미분과 다릅니다."
        slope = (cost_of_cell(some_w, some_c, 0.2 + tiny, -0.1, some_x) - cost_of_cell(some_w, some_c, 0.2 - tiny, -0.1, some_x)) / (2 * tiny)
        assert np.isclose(in_b, slope, atol=1e-6), "b의 기울기가 수치 미분과 다릅니다."

# %% [markdown]
# ### ✏️ 연습 4-4 (2점): AdaGrad의 한 걸음
# 매개변수 `theta`, 기울기 `g`, 지금까지의 제곱합 `squares`(처음에는 모두 1), 학습률 `rate`를 받아 `(새 theta, 새 squares)`를 돌려주는 `adagrad_step`을 완성하세요. 위의 식대로 **먼저** 지금의 제곱합으로
# 걸음을 나누고, **그다음** $\tilde g^2$($\tilde g$ = rate·g)을 더합니다. 받은 배열은 바꾸지 마세요.
#
# <details><summary>힌트 1</summary> <code>scaled = rate * g</code>를 먼저 만드세요. 걸음과 제곱합에 모두 이것을 씁니다. </details>
# <details><summary>힌트 2</summary> <code>theta -= …</code>는 받은 배열을 바꿉니다. <code>theta - …</code>로 새 배열을 만드세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "04-adagrad-step", "grade": false, "solution": true, "locked": false, "task": false}
def adagrad_step(theta, g, squares, rate=0.05):
    ### BEGIN SOLUTION
    scaled = rate * g
    return theta - scaled / np.sqrt(squares), squares + scaled**2
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "04-adagrad-step-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("04-adagrad-step", points=2, hint="걸음에는 지금의 제곱합을 쓰고, 제곱합에는 (rate·g)²을 더합니다."):
    at, total = np.array([1.0, 2.0]), np.array([1.0, 4.0])
    moved, added = adagrad_step(at, np.array([10.0, -20.0]), total, rate=0.1)
    assert np.allclose(moved, [0.0, 3.0]) and np.allclose(added, [2.0, 8.0])
    assert np.allclose(at, [1.0, 2.0]) and np.allclose(total, [1.0, 4.0]), "받은 배열은 그대로 두어야 합니다."

# %% [markdown]
# ## 6. V×V 행렬의 비용
#
# 낱말이 1만 개이면 행렬의 칸은 $10{,}000 \times 10{,}000 = 10^8$개입니다. 그 많은 칸을 모두 저장하고 계산해야 할까요?

# %% [markdown]
# > **예측해 보세요.** 낱말 1만 개의 행렬에서 0이 아닌 칸의 비율은 얼마나 될까요? (내장 백과사전의 낱말은 4천 개가 안 되므로, 실제 리뷰가 없으면 가장 큰 어휘로 답을 냅니다.)

# %%
predict("04-cells", choices=["절반쯤", "20%쯤", "10%보다 적다"], mine=None)

# %%
rows = []
for size in (250, 500, 1000, 2000, 4000):
    part, words = cooccurrence.count_cooccurrences(tokens, window=5, max_vocabulary=size)
    rows.append({"말뭉치": "백과사전", "낱말": len(words), "칸 V²": len(words) ** 2, "0이 아닌 칸": part.nnz})
if datasets.available("nsmc-stars"):
    reviews = movie_reviews.tokens(by_profile(smoke=20_000, laptop=None, gpu=None))
    part, words = cooccurrence.count_cooccurrences(reviews, window=5, max_vocabulary=10_000)
    rows.append({"말뭉치": "영화 리뷰", "낱말": len(words), "칸 V²": len(words) ** 2, "0이 아닌 칸": part.nnz})
sizes = pd.DataFrame(rows)
sizes["0이 아닌 비율"] = sizes["0이 아닌 칸"] / sizes["칸 V²"]
largest = sizes.iloc[-1]
compare("04-cells", 1 if largest["0이 아닌 비율"] > 0.35 else 2 if largest["0이 아닌 비율"] > 0.1 else 3)

fig, axis = plt.subplots(figsize=(6.5, 4))
axis.plot(sizes["낱말"], sizes["칸 V²"], "k--", label="모든 칸 V²")
for (name, part), marker in zip(sizes.groupby("말뭉치", sort=False), "os"):
    axis.plot(part["낱말"], part["0이 아닌 칸"], marker=marker, label=f"0이 아닌 칸: {name}")
axis.set(xscale="log", yscale="log", xlabel="낱말의 수 V (로그)", ylabel="칸의 수 (로그)", title="행렬은 V²으로 커지지만 채워지는 칸은 그렇지 않습니다")
ticks = {250: "250", 1000: "1천", 4000: "4천"} | ({10_000: "1만"} if len(sizes) > 5 else {})
axis.set_xticks(list(ticks), ticks.values())
axis.minorticks_off()
axis.legend()
show(fig, alt="어휘의 크기에 따른 모든 칸과 0이 아닌 칸의 수, 두 축 모두 로그. " + ", ".join(
    f"{row['말뭉치']} V={row['낱말']:,}에서 {row['0이 아닌 칸']:,}칸({row['0이 아닌 비율']:.2%})" for _, row in sizes.iterrows()) + ".")

# %%
print(f"{largest['말뭉치']}(V = {largest['낱말']:,})의 행렬을 빈틈없이 저장하면 {largest['칸 V²'] * 8 / 1e6:,.0f} MB, 0이 아닌 칸만(칸마다 수 8바이트와 열 번호 4바이트) 저장하면 "
      f"{largest['0이 아닌 칸'] * 12 / 1e6:,.1f} MB. 낱말 1만 개를 빈틈없이 저장하면 {10_000**2 * 8 / 1e6:,.0f} MB")
whole = pd.read_csv(datasets.data_folder() / "results" / "lesson01_reviews.csv").set_index("항목")["값"]
print(f"01강에서 재어 둔 전체 리뷰({whole['리뷰']}): 어휘 {whole['어휘']}, 0인 칸 {whole['0인 칸']}")
sizes.assign(**{"0이 아닌 비율": sizes["0이 아닌 비율"].map("{:.2%}".format)})

# %% [markdown]
# 채워지는 칸은 말뭉치에서 꺼낸 쌍의 수를 넘을 수 없으므로, 어휘를 키울수록 행렬은 비어 갑니다. GloVe의 한 에폭은 **0이 아닌 칸의 수**에 비례합니다. $10^8$은 겁나는 수이지만 실제로 계산하는
# 칸은 그 일부입니다. 그러면 실제로 얼마나 걸릴까요? 영화 리뷰 전체에서 원저자들의 C 프로그램과 나란히 잰 기록을 파일에서 읽어 봅니다.

# %%
record = datasets.data_folder() / "results" / "glove_benchmark.csv"
if record.exists():
    speed = pd.read_csv(record)
    first = speed.iloc[0]
    print(f"{first['corpus']}: 낱말 {first['words']:,}개, 0이 아닌 칸 {first['cells']:,}개(전체의 {first['cells'] / first['words'] ** 2:.2%}), "
          f"{first['dimensions']}차원, {first['epochs']} 에폭, 스레드 {first['threads']}개, {first['date']}")
    print(speed[["method", "threads", "train_min_s", "train_median_s", "ratio_to_ours",
                  "cells_per_s", "final_cost", "model_cost", "rho"]].round(4).to_string(index=False))
    cost_of = speed.set_index("method")[["final_cost", "model_cost"]]
    programme = [name for name in cost_of.index if "Stanford" in name]
    for name in cost_of.index.drop(programme) if programme else ():
        change = cost_of.loc[name] / cost_of.loc[programme[0]] - 1
        print(f"{name}의 비용은 C 프로그램보다 마지막 에폭 {change['final_cost']:+.1%}, 다 배운 모델 {change['model_cost']:+.1%}")
else:
    print("기록이 없습니다. python benchmarks/glove.py 로 만들 수 있습니다.")

# %% [markdown]
# 이 과정의 `GloVe`는 C 프로그램과 세 가지가 다릅니다. (1) 64비트 대신 32비트 실수를 써서 오가는 자료가 반입니다. (2) 낱말을 무작위로 **블록**으로 나누어 한 블록 쌍(타일)의 칸을 몰아 계산하므로, 벡터가 코어의 캐시에 머뭅니다.
# (3) 스레드(thread)들은 낱말도 문맥도 겹치지 않는 타일만 동시에 계산하므로 같은 벡터를 두고 다투지 않습니다. 덕분에 스레드 수가 달라도 결과가 **비트까지 같습니다**. 확인해 봅시다.

# %%
one, two = (glove(epochs=5, workers=workers) for workers in (1, 2))
assert np.array_equal(one.vectors_, two.vectors_)
print("스레드 1개와 2개의 벡터가 똑같습니다. 에폭마다의 비용:", one.costs_.round(4))

# %% [markdown]
# *왜 틀릴 수 있을까요?* 빠르기만 견주면 안 됩니다. 같은 것을 배웠는지도 보아야 하므로 마지막 비용과 벡터의 품질(`rho`는 WS353-ko의 순위 상관)을 함께 적었습니다. 또 칸을 블록 순서로 도는 것은 행렬 전체를 무작위로 도는 것과
# 다릅니다. 그래서 블록을 하나만 둔 우리 것(`all cells in one block`)도 쟀습니다. 순서가 C 프로그램과 같으면 비용도 같은지, 블록으로 나누면 비용이 어느 쪽으로 얼마나 움직이는지 위의 마지막 줄들에서 확인하세요.

# %% [markdown]
# ## 7. 같은 말뭉치에서: LSA, SGNS, GloVe
#
# 이제 나란히 놓습니다. 어휘, 창, 차원이 모두 같고, LSA와 GloVe는 같은 횟수 행렬을 씁니다. (SGNS만은 동적 창과 부표집으로 말뭉치를 읽습니다. 논문의 GloVe는 거리가 d인 쌍을 1/d번으로 세는데, 표의 `1/거리` 줄이
# 그것입니다.) GloVe에서는 낱말 벡터 $w$, 문맥 벡터 $\tilde w$, 그리고 논문이 권하는 **합** $w + \tilde w$를 따로 잽니다. 행렬이 대칭이므로 둘은 처음 값만 다른 같은
# 것이고, 더하면 잡음이 준다는 것이 논문의 설명입니다.

# %% [markdown]
# > **예측해 보세요.** GloVe의 합 $w + \tilde w$는 낱말 벡터 $w$만 쓴 것보다 두 시험에서 나을까요?

# %%
predict("04-sum", choices=["둘 다 낫다", "유추는 낫고 범주 일치율은 못하다", "범주 일치율은 낫고 유추는 못하다", "차이가 있다고 말할 수 없다"], mine=None)

# %%
word_only = measured("GloVe w", [m.word_vectors_ for m in standard_models])
context_only = measured("GloVe 문맥", [m.context_vectors_ for m in standard_models])
standard["name"] = "GloVe w + 문맥"
harmonic, _ = cooccurrence.count_cooccurrences(tokens, window=5, min_count=5, weighting="harmonic")
near_is_more = measured("GloVe w + 문맥, 1/거리", [glove(seed, on=harmonic).vectors_ for seed in SEEDS])
summed = tuple(verdict(standard, word_only, key) for key in ("near", "solved"))
compare("04-sum", {(1, 1): 1, (-1, 1): 2, (1, -1): 3, (0, 0): 4}.get(summed, "그 밖의 결과"))
table_of([word_only, context_only, standard, near_is_more, lsa[2], skipgram], word_only)

# %%
pairs_met = counts.tocoo()
some = np.random.default_rng(0).choice(pairs_met.nnz, 20_000, replace=False)
i, k = pairs_met.row[some], pairs_met.col[some]
pmi_of = np.asarray(pmi.pmi(counts)[i, k]).ravel()
for name, attribute in (("w", "word_vectors_"), ("w + 문맥", "vectors_")):
    found = []
    for m in standard_models:
        unit = similarity.unit_rows(getattr(m, attribute))
        found.append(evaluation.spearman((unit[i] * unit[k]).sum(axis=1), pmi_of))
    print(f"함께 나온 쌍에서 코사인과 PMI의 순위 상관, {name:<6}: {np.mean(found):.3f} (시드 {min(found):.3f}~{max(found):.3f})")

# %%
first_model = standard_models[0]
shown_models = {"GloVe w": first_model.word_vectors_, "GloVe w + 문맥": first_model.vectors_,
                "SGNS": skipgram_vectors[0], "LSA (PPMI)": by_svd(ppmi_matrix)}
pd.DataFrame({word: {name: " ".join(w for w, _ in similarity.nearest(matrix, vocabulary, word, n=5)) for name, matrix in shown_models.items()}
              for word in ("고양이", "사과", "의사")}).T

# %% [markdown]
# 두 가지가 예상과 다를 수 있습니다.
#
# **합의 효과가 시험마다 반대입니다.** 잡음만 줄었다면 둘 다 나아져야 합니다. 식을 펼쳐 보면 까닭이 보입니다. $(w_i + \tilde w_i)^\top (w_j + \tilde w_j)$에는 $w_i^\top w_j$(둘의 이웃이 비슷한가)뿐 아니라
# $w_i^\top \tilde w_j$(**둘이 서로 만나는가**)가 섞입니다. 위에서 잰 대로 합의 코사인은 PMI와 더 나란합니다. 서로 만나는 말(통합 관계)이 가까워져서, 나라와 수도를 잇는 유추에는 도움이 되고 같은 범주(계열 관계)를
# 찾는 데에는 방해가 된 것으로 보입니다.
#
# **GloVe가 여기서는 뒤처집니다.** 범주 일치율이 PPMI의 SVD나 SGNS에 한참 못 미치고, 이웃의 목록에는 나라 이름이나 조사가 끼어듭니다. 논문의 주장과 어긋나는 이 결과를 그냥 "말뭉치가 작아서"라고 넘기지 말고,
# 까닭을 찾아 시험해 봅시다.

# %% [markdown]
# ## 8. GloVe가 보지 않는 것: 0
#
# $f(0) = 0$이므로 GloVe는 **한 번도 만나지 않은 쌍**에 대해 아무것도 배우지 않습니다. LSA는 0을 0으로 맞추려 하고, SGNS는 음성 표본으로 뽑아 밀어냅니다. GloVe만 보지 않습니다. 그러면 모델은 만난 적 없는 쌍의 횟수를 얼마로
# 예상할까요?

# %% [markdown]
# > **예측해 보세요.** 만난 적 **없는** 쌍에 대해 GloVe가 예상하는 횟수 $\exp(w_i^\top \tilde w_k + b_i + \tilde b_k)$의 중앙값은?

# %%
predict("04-zeros", choices=["0에 가깝다 (0.1 미만)", "0.1~1번", "1번이 넘는다"], mine=None)

# %%
drawn = np.random.default_rng(0).integers(0, len(vocabulary), (100_000, 2))
unseen = drawn[np.asarray(counts[drawn[:, 0], drawn[:, 1]]).ravel() == 0]


def expected_counts(model, places):
    i, k = places.T
    return np.exp(np.sum(model.word_vectors_[i] * model.context_vectors_[k], axis=1) + model.word_biases_[i] + model.context_biases_[k])


guess = expected_counts(standard_models[0], unseen)
compare("04-zeros", 1 if np.median(guess) < 0.1 else 2 if np.median(guess) < 1 else 3)
print(f"만난 적 없는 쌍 {len(unseen):,}개: 예상하는 횟수의 중앙값 {np.median(guess):.2f}, 가운데 80%는 {np.quantile(guess, .1):.2f}~{np.quantile(guess, .9):.2f}")

# %% [markdown]
# 모델은 만난 적 없는 쌍을 **한두 번 만난 쌍과 다름없게** 봅니다. 그럴 만합니다. 본 칸은 모두 1 이상이었고, 0이 있다는 말을 아무도 해 주지 않았기 때문입니다. 이것이 정말 품질이 낮은 까닭이라면, 0을 **조금**
# 보여 주면 나아져야 합니다. 0인 칸을 무작위로 뽑아 작은 횟수(0.1)로 적어 넣습니다. 그 칸의 가중치는 $f(0.1)$로 아주 작습니다.

# %%
def with_zeros(counts, times, value=0.1, seed=0):
    """0인 칸을 0이 아닌 칸의 times배쯤 뽑아 value를(배열이면 그 가운데 아무 수나) 적은 행렬"""
    rng = np.random.default_rng(seed)
    row, column = rng.integers(0, counts.shape[0], (2, int(times * counts.nnz)))
    empty = np.asarray(counts[row, column]).ravel() == 0
    cells = np.unique(row[empty].astype(np.int64) * counts.shape[0] + column[empty])
    added = sparse.csr_array((rng.choice(np.atleast_1d(value), len(cells)), np.divmod(cells, counts.shape[0])), shape=counts.shape)
    return (counts + added).tocsr()


print(f"가중치: f(0.1) = {(0.1 / 10) ** 0.75:.3f}, f(1) = {(1 / 10) ** 0.75:.3f}, f(10) = 1")

# %% [markdown]
# > **예측해 보세요.** 0을 0이 아닌 칸의 3배만큼 보여 주면 범주 일치율은?

# %%
predict("04-with-zeros", choices=["더 떨어진다 (거짓 자료를 넣었으니)", "그대로다", "크게 오른다 (0.1 넘게)"], mine=None)

# %%
TIMES = by_profile(smoke=[1, 3], laptop=[1, 3, 8], gpu=[1, 3, 8])
filled_counts = {times: [with_zeros(counts, times, seed=seed) for seed in SEEDS] for times in TIMES}
filled_models = {times: [glove(seed, on=part) for seed, part in zip(SEEDS, parts)] for times, parts in filled_counts.items()}
filled = [measured(f"GloVe, 0을 {times}배", [m.vectors_ for m in models]) for times, models in filled_models.items()]
CONTROLS = {f"0.1 대신 {round(np.median(guess))}": round(np.median(guess)), "0.1 대신 본 횟수 가운데 아무 수": counts.data}
controls = [measured(f"GloVe, 대조군: {name}, {TIMES[1]}배", [glove(seed, on=with_zeros(counts, TIMES[1], value, seed)).vectors_ for seed in SEEDS[:2]])
            for name, value in CONTROLS.items()]
filled_words = measured(f"GloVe w만, 0을 {TIMES[-1]}배", [m.word_vectors_ for m in filled_models[TIMES[-1]]])
_, low, high = gap(filled[1], standard, "near")
compare("04-with-zeros", 3 if low > 0.1 else 1 if high < 0 else 2 if low <= 0 else "조금 오른다")
added = {times: np.mean([part.nnz for part in parts]) / counts.nnz - 1 for times, parts in filled_counts.items()}
print("겹치거나 이미 찬 칸은 빼므로 실제로 넣은 0은 " + ", ".join(f"{times}배에서 {share:.1f}배" for times, share in added.items()))

fig, axis = plt.subplots(figsize=(7, 4))
for key, column, title, marker in (("near", 0, "범주 일치율", "o"), ("solved", 1, "유추 정답률", "s")):
    values = np.array([[seed[column] for seed in result["seeds"]] for result in [standard, *filled]])
    middle = values.mean(axis=1)
    ends = [middle - values.min(axis=1), values.max(axis=1) - middle]
    line = axis.errorbar(range(len(middle)), middle, yerr=ends, marker=marker, capsize=3, label=f"GloVe: {title}")
    axis.axhline(lsa[2][key].mean(), color=line[0].get_color(), linestyle=":", label=f"PPMI의 SVD: {title}")
axis.set_xticks(range(len(TIMES) + 1), ["안 봄", *(f"{times}배" for times in TIMES)])
axis.set(xlabel="보여 준 0의 수 (0이 아닌 칸의 몇 배)", ylim=(0, 1.02), title="0을 보여 주면 (막대: 시드의 범위)")
axis.legend(loc="lower right")
amounts = ["안 봄", *(f"{times}배" for times in TIMES)]
show(fig, alt="보여 준 0의 수에 따른 두 시험의 값. " + "; ".join(
    f"{amount}: 범주 일치율 {result['near'].mean():.2f}, 유추 {result['solved'].mean():.2f}" for amount, result in zip(amounts, [standard, *filled]))
    + f". 점선은 PPMI의 SVD로 {lsa[2]['near'].mean():.2f}와 {lsa[2]['solved'].mean():.2f}이다.")

# %%
after = expected_counts(filled_models[TIMES[-1]][0], unseen)
print(f"만난 적 없는 쌍의 예상 횟수(중앙값): {np.median(guess):.2f} → {np.median(after):.2f}")
bias_fits = [[np.corrcoef(m.word_biases_, log_row_sums)[0, 1] for m in models] for models in (standard_models, filled_models[TIMES[-1]])]
print("편향 b_i와 log X_i의 상관: " + " → ".join(f"{np.mean(fits):.2f} (시드 {min(fits):.2f}~{max(fits):.2f})" for fits in bias_fits))
table_of([lsa[2], skipgram, standard, *filled, filled_words, *controls], lsa[2])

# %% [markdown]
# **만나지 않았다는 것도 정보**입니다. 0을 조금 보여 주자 이웃도 유추도 크게 나아졌습니다. 칸을 늘려 더 많이 배운 덕일까요? 표의 마지막 두 줄이 대조군입니다. 같은 칸들에 모델이 이미 짐작하던 횟수를 적으면 그만큼 나아지지 않고, 본 칸에서 아무렇게나
# 뽑은 횟수를 적으면(만났다고 거짓말을 하면) 무너집니다. 나아지게 한 것은 칸의 수가 아니라 **짐작보다 작다**는 정보입니다. 3절에서 어긋났던 편향도 이제 $\log X_i$와 나란합니다. 본 칸만으로는 드문 낱말이 **드물다는 것을**
# 알 길이 없었기 때문으로 보입니다(드문 낱말도 본 칸의 횟수는 1 이상입니다). 마지막 표에서 PPMI의 SVD와의 차이와 그 구간을 읽어 보세요. 어느 시험에서는 따라잡거나 앞서고, 어느
# 시험에서는 아직 못 미칩니다. 이 약점을 정면으로 고친 방법이 Swivel(Shazeer 외 2016)입니다. 0인 칸에는 "예상이 **너무 크면**" 벌을 주는 다른 손실을 씁니다.
#
# *왜 틀릴 수 있을까요?* 0.1이라는 값과 몇 배라는 수는 우리가 정한 것이어서, 다른 값으로 바꾸면 결과도 달라집니다. 또 우리 말뭉치의 0은 대부분 진짜로 어울리지 않는 쌍이지만, 큰 말뭉치에서 드문
# 두 낱말의 0은 그저 아직 못 본 것일 수 있습니다.

# %% [markdown]
# ### 실제 리뷰에서는
# 영화 리뷰 71만 건에서 여러 방법을 같은 어휘로 배워 사람의 판단(WS353-ko, ρ)과 한국어 유추로 잰 기록을 파일에서 읽습니다. 괄호는 시드에 따른 범위이고, SVD와의 차이는 첫 시드의 짝지은 차이와 95% 구간입니다.

# %%
record = datasets.data_folder() / "results" / "word_vectors.csv"
if record.exists():
    recorded = pd.read_csv(record).query("processing == 'as it is'")
    rows = []
    for name, part in recorded.groupby("method", sort=False):
        first = part.iloc[0]
        rows.append({"방법": name, "시드": len(part), "ρ": f"{part.ws353.mean():.3f} ({part.ws353.min():.3f}~{part.ws353.max():.3f})",
                     "ρ: SVD와의 차이": "" if name == "SVD" else f"{first.ws353_minus_svd:+.3f} [{first.ws353_minus_svd_low:+.3f}, {first.ws353_minus_svd_high:+.3f}]",
                     "유추": f"{part['add'].mean():.3f}",
                     "유추: SVD와의 차이": "" if name == "SVD" else f"{first.add_minus_svd:+.3f} [{first.add_minus_svd_low:+.3f}, {first.add_minus_svd_high:+.3f}]"})
    print(f"리뷰 {first.reviews:,}건, 낱말 {first.vocabulary:,}개, "
          f"WS353-ko {first.ws353_pairs}/{first.ws353_total}쌍, 유추 {first.analogies}/{first.analogies_total}문제")
    print(pd.DataFrame(rows).to_string(index=False))
else:
    print("기록이 없습니다. LAB_DATA_DIR=자료폴더 python benchmarks/word_vectors.py 로 만들 수 있습니다.")

# %% [markdown]
# GloVe의 두 줄을 보세요. ρ에서 SVD와의 차이는 구간의 위 끝까지 0보다 작습니다. 앞에서 GloVe가 뒤처진 것은 작은 말뭉치 탓만은 아닙니다. 창을 15로 넓히면 나아지지만 따라잡지는 못합니다. 다만 이것도 말뭉치 하나와
# 조절값 몇 벌의 결과이고, 논문의 말뭉치(토큰 10억~420억 개)는 이보다 수십 배에서 수천 배 큽니다.

# %%
if datasets.available("nsmc-stars") and datasets.available("ws353-ko"):
    people = datasets.load("ws353-ko")
    reviews = movie_reviews.tokens(by_profile(smoke=20_000, laptop=None, gpu=None))
    review_counts, review_words = cooccurrence.count_cooccurrences(reviews, window=5, max_vocabulary=20_000, min_count=5, weighting="harmonic")
    U, S, _ = svd.truncated_svd(pmi.ppmi(review_counts, smoothing=0.75), 100)
    baseline = svd.word_vectors(U, S)
    epochs = by_profile(smoke=3, laptop=10, gpu=25)
    review_model = GloVe(100, epochs=epochs, progress=True).fit(review_counts, review_words)
    matrices = {"PPMI의 SVD": baseline, "GloVe w": review_model.word_vectors_, "GloVe w + 문맥": review_model.vectors_}
    if by_profile(smoke=True, laptop=False, gpu=True):                                      # 칸이 두 배가 됩니다
        matrices["GloVe w + 문맥, 0을 1배"] = GloVe(100, epochs=epochs, progress=True).fit(with_zeros(review_counts, 1), review_words).vectors_
    rows = []
    for name, matrix in matrices.items():
        result = evaluation.word_similarity(matrix, review_words, people)
        difference, low, high = evaluation.similarity_gain(matrix, baseline, review_words, people)
        rows.append({"벡터": name, "ρ [95% 구간]": f"{result.rho:.3f} [{result.low:.3f}, {result.high:.3f}]", "쌍": f"{result.n_covered}/{result.n_total}",
                     "PPMI의 SVD와의 차이": "" if matrix is baseline else f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]"})
    print(f"이 컴퓨터에서 지금 잰 값입니다. 0이 아닌 칸 {review_counts.nnz:,}개, {epochs} 에폭, 마지막 비용 {review_model.costs_[-1]:.4f}")
    print(pd.DataFrame(rows).to_string(index=False))
else:
    print("자료가 없어 건너뜁니다. LAB_DATA_DIR에 자료 폴더를 적고 다시 실행하면 잽니다.")

# %% [markdown]
# ## 9. 퀴즈

# %%
quiz("04-q-ratio", "P(k|i) = 0.02, P(k|j) = 0.005입니다. GloVe의 유도에서 (w_i − w_j)와 문맥 벡터 k의 내적이 되어야 하는 값은?", digits=2, answer=1.39,
     why="비율은 4이고, 내적은 그 로그입니다: log 4 ≈ 1.39.")

# %%
quiz("04-q-bias", "식에 편향 b_i를 넣은 까닭은?", choices=["비용을 음수로 만들지 않으려고", "대칭을 깨는 log X_i를 맡기려고", "0인 칸을 다루려고"], answer=2,
     why="log P(k|i)에는 i에만 달린 log X_i가 들어 있어 낱말과 문맥의 역할을 바꿀 수 없습니다. 이것을 편향이 맡습니다.")

# %%
quiz("04-q-weight", "x_max = 100, α = 0.75일 때 f(6.25)는?", digits=3, answer=0.125, why="(6.25 / 100)^0.75 = (1/16)^(3/4) = 1/8 = 0.125입니다.")

# %%
quiz("04-q-zero", "GloVe의 비용이 한 번도 만나지 않은 쌍에 주는 가중치는?", choices=["0", "아주 작지만 0보다 크다", "1"], answer=1,
     why="f(0) = 0이어서 보지 않습니다. 8절에서 그 결과를 쟀습니다.")

# %%
quiz("04-q-cost", "GloVe A의 비용이 GloVe B보다 작습니다. A의 벡터가 더 좋다고 말할 수 있습니까?",
     choices=["그렇다", "아니다. 비용은 본 칸을 얼마나 되살리는지일 뿐이다", "차원이 같을 때만 그렇다"], answer=2,
     why="5절에서 비용은 계속 내려갔지만 이웃의 품질은 오르다가 떨어졌습니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - GloVe는 "비율이 뜻을 드러낸다"에서 출발해, 내적과 두 편향의 합이 로그 횟수가 되도록 하는 가중 최소제곱입니다.
# - $F = \exp$는 뺄셈을 나눗셈으로 바꾸는 성질에서, 편향은 낱말과 문맥의 대칭에서 나옵니다.
# - f(x)는 드문 칸을 덜 믿고 흔한 칸을 자릅니다. AdaGrad는 매개변수마다 걸음을 맞추어 학습률을 덜 까다롭게 합니다.
# - 할 일은 V²이 아니라 0이 아닌 칸의 수에 비례합니다.
# - 비용이 작아도 벡터가 좋은 것은 아닙니다. 0을 보지 않는 것이 GloVe의 약점이고, 0을 조금 보여 주면 크게 나아집니다.
#
# ## 더 나아가
# - Pennington, Socher & Manning(2014), *GloVe: Global Vectors for Word Representation*. 비율 표, 유도, x_max와 α의 출처.
# - Levy, Goldberg & Dagan(2015): 조절값을 똑같이 맞추면 방법들의 차이가 크게 줄어듦을 보입니다. $w + \tilde w$의 분석도 여기에 있습니다.
# - Shazeer 외(2016), *Swivel*: 0인 칸에 다른 손실을 주고, 행렬을 타일로 나누어 여러 기계에서 학습합니다.
# - Gemulla 외(2011): 겹치지 않는 타일을 동시에 계산하는 분산 행렬 분해. `GloVe`가 쓰는 방법입니다.
# - Duchi, Hazan & Singer(2011): AdaGrad.
#
# 다음: [05 의미의 기하](05_geometry.ipynb)
