# %% [markdown]
# # 03 · Word2Vec: 세는 대신 예측하기
#
# > *English summary. Instead of counting neighbours we predict them. We derive skip-gram with a full softmax, check its gradient by
# > hand against autograd and finite differences, run gradient descent, and measure why the sum over the vocabulary is too dear.
# > Negative sampling turns prediction into binary classification; we train it, test that its inner products are shifted PMI,
# > and compare our implementation with gensim's, with intervals.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 스킵그램(skip-gram)의 손실을 소프트맥스(softmax)에서 유도하고, 기울기(gradient)를 손으로 구해 두 가지 방법으로 확인합니다.
# - 경사하강법(gradient descent)을 직접 돌리고, 학습률(learning rate)과 손실의 바닥을 읽습니다.
# - 어휘 전체의 합이 왜 비싼지 재고, 음성 표집(negative sampling)이 무엇을 바꾸는지 설명합니다.
# - 음성 표집의 내적이 PMI에서 $\log k$를 뺀 값이 된다는 정리를 말뭉치에서 시험합니다.
# - 우리 구현과 gensim이 같은 결과를 내는지를 구간을 놓고 판단합니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 120분쯤 걸립니다.
#
# **앞선 내용.** [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 PMI와 구간. 미분은 $e^x$, $\log x$와 합성함수의 것만 알면 됩니다. 벡터로 미분하는 법은 3절에서 풀이합니다.

# %% tags=["imports"]
import time
from itertools import combinations, islice

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from lab_utils import by_profile, check, compare, label_points, parallel_map, predict, quiz, show, summary
from lab_utils import cooccurrence, datasets, evaluation, movie_reviews, pmi, similarity, svd, tokenization
from lab_utils.skipgram import SkipGram, keep_probability, noise_distribution
from lab_utils.vectors import from_keyed_vectors

# %% [markdown]
# ## 1. 세는 대신 예측합니다
#
# 02강에서는 동시 등장 행렬을 다 센 뒤에 줄였습니다. 이번에는 표를 만들지 않고, 짧은 벡터를 처음부터 두고 **고쳐 나갑니다**. 방법은 퀴즈 맞히기입니다.
# 문장을 읽다가 가운데 낱말(중심 낱말, center word) 하나를 보고, 그 둘레에 어떤 낱말(문맥 낱말, context word)이 올지 맞힙니다. 비슷한 문맥을 맞혀야 하는 두
# 낱말은 벡터도 비슷해지기 쉽습니다. 창(window) 안이라면 사이에 낀 낱말을 건너뛰고(skip)도 짝을 지으므로 **스킵그램**이라고 합니다. 01강의 분포 가설을 예측 문제로 바꾼 것입니다.
#
# 기계 학습의 세 가지 물음에 차례로 답하겠습니다.
# - **모델**: 확률을 무엇으로 나타낼까요? 두 벡터의 내적으로. (2절)
# - **손실**: 얼마나 못 맞혔는지를 무엇으로 잴까요? 정답 확률의 음의 로그로. (2절)
# - **최적화**: 어떻게 줄일까요? 기울기를 구해 반대로 조금씩 움직입니다. (3, 4절)

# %%
encyclopedia = datasets.load("encyclopedia")
sentences = list(tokenization.morphemes(encyclopedia.sentence, cache="encyclopedia", progress=False))
content = list(tokenization.morphemes(encyclopedia.sentence, keep=("NN", "VV", "VA"), cache="encyclopedia-content", progress=False))
categories = pd.read_csv(datasets.fetch("encyclopedia").parent / "categories.tsv", sep="\t")


def pairs_of(sentence, window, rng):
    """(중심, 문맥) 쌍. 창의 크기를 자리마다 1부터 window까지에서 새로 뽑습니다."""
    found = []
    for place, word in enumerate(sentence):
        reach = rng.integers(1, window + 1)
        found += [(word, sentence[j]) for j in range(max(0, place - reach), min(len(sentence), place + reach + 1)) if j != place]
    return found


example = next(s for s in content if "고양이" in s and len(s) == 6)
print("문장(명사와 용언만):", " ".join(example))
print("쌍:", " ".join(f"({w}→{c})" for w, c in pairs_of(example, 2, np.random.default_rng(0))))

# %% [markdown]
# Word2Vec은 창의 크기를 자리마다 **새로 뽑습니다**(동적 창, dynamic window). 최대가 5이면 1, 2, 3, 4, 5가 같은 확률입니다. 그러면 거리 1의 이웃은 늘 쌍이 되지만 거리 5의
# 이웃은 다섯 번에 한 번만 쌍이 됩니다. 가까운 이웃에 더 큰 가중치를 두는 값싼 방법입니다. 쌍이 되는 횟수의 기댓값은 창이 1, 2, …, 5인 행렬 다섯 개의 **평균**입니다. 실제로 뽑은
# 것과 맞는지 확인하고, 이 강의에서는 이 기댓값을 "쌍의 횟수"로 쓰겠습니다.

# %%
WINDOW = 5


def expected_counts(corpus, **options):
    """동적 창에서 쌍의 횟수의 기댓값과 어휘."""
    by_window = [cooccurrence.count_cooccurrences(corpus, window=r, **options) for r in range(1, WINDOW + 1)]
    return sum(counts for counts, _ in by_window) / WINDOW, by_window[0][1]


counts, vocabulary = expected_counts(content, max_vocabulary=300)
X = counts.toarray()                                            # (V, V): 흔한 낱말 300개
V, total = len(vocabulary), X.sum()
in_vocabulary = [[word for word in s if word in vocabulary] for s in content]
rng = np.random.default_rng(0)
drawn = sum(len(pairs_of(s, WINDOW, rng)) for s in in_vocabulary)
cat = vocabulary.index["고양이"]
with_cats = [s for s in in_vocabulary if "고양이" in s]
cat_drawn = [sum(word == "고양이" for s in with_cats for word, _ in pairs_of(s, WINDOW, rng)) for _ in range(20)]
assert abs(drawn / total - 1) < 0.02
print(f"낱말 {V}개, 쌍의 수: 기댓값 {total:,.0f}, 한 번 뽑은 것 {drawn:,}. 그 가운데 낱말이 자기 자신과 만난 쌍은 {np.trace(X) / total:.1%}")
print(f"중심이 고양이인 쌍: 기댓값 {X[cat].sum():.1f}, 스무 번 뽑은 것의 평균 {np.mean(cat_drawn):.1f} (하나씩은 {min(cat_drawn)}~{max(cat_drawn)})")

# %% [markdown]
# ## 2. 소프트맥스 스킵그램: 모델과 손실
#
# 낱말마다 벡터를 **두 개** 둡니다. 중심일 때 쓰는 $v_w$와 문맥일 때 쓰는 $u_c$입니다. 하나만 두면 $v_w \cdot v_w$가 늘 0 이상이어서, 낱말이 자기 곁에
# 또 온다고 예측하기 쉽습니다. 실제로 그런 쌍은 드뭅니다(위 셀의 마지막 비율). 둘로 나누면 이 문제가 다 풀릴까요? 7절에서 재어 봅니다.
#
# 내적 $u_c \cdot v_w$가 클수록 "$w$의 곁에 $c$가 올 만하다"는 뜻이 되게 합니다. 내적은 음수일 수도 있고 더해서 1이 되지도 않으므로, 지수를 취하고 모두의 합으로 나눕니다. 이것이
# **소프트맥스**입니다.
#
# $$p_\theta(c \mid w) = \frac{\exp(u_c \cdot v_w)}{\sum_{c'} \exp(u_{c'} \cdot v_w)}$$
#
# $\theta$는 고칠 수 있는 모든 수, 곧 모든 $v$와 $u$입니다. 말뭉치의 쌍 $D$가 나올 확률 $\prod_{(w,c) \in D} p_\theta(c \mid w)$를 크게 하고 싶습니다. 작은 수를 수만 번 곱하면 컴퓨터에서는
# 0이 되므로 로그를 취하고, "크게" 대신 "작게"가 되도록 부호를 바꿉니다. 이것이 **음의 로그 가능도**(negative log-likelihood)입니다.
#
# $$\mathcal{L}(\theta) = -\sum_{(w,c) \in D} \log p_\theta(c \mid w)
# = -\sum_{(w,c) \in D} \Big( u_c \cdot v_w - \log \sum_{c'} \exp(u_{c'} \cdot v_w) \Big)$$
#
# 괄호 안의 첫 항은 진짜 쌍의 내적을 키우라고 하고, 둘째 항은 모든 문맥의 내적을 낮추라고 합니다(정답의 내적도 낮추지만, 첫 항이 올리는 것보다 덜합니다). 2차원의 장난감으로
# 계산해 봅시다.

# %%
TOY_CONTEXTS = ["야옹", "생선", "자동차", "는"]
toy_v = np.array([1.0, 2.0])                                     # 고양이의 중심 벡터
toy_u = np.array([[1.0, 1.0], [0.5, 1.0], [-1.0, 0.5], [1.5, 0.5]])
toy_scores = toy_u @ toy_v
toy_p = np.exp(toy_scores) / np.exp(toy_scores).sum()
assert np.isclose(toy_p.sum(), 1)
pd.DataFrame({"내적 u·v": toy_scores, "exp": np.exp(toy_scores).round(2), "확률": toy_p.round(3), "−log 확률": -np.log(toy_p).round(2)}, index=TOY_CONTEXTS)

# %% [markdown]
# `야옹`이 정답이라면 손실은 0.82이고, `자동차`가 정답이라면 3.82입니다. 믿지 않던 것이 정답으로 나올수록 손실이 큽니다. 아무것도 모르는 모델(모든 내적이 0)의 손실은
# 후보가 넷이므로 $\log 4 \approx 1.39$입니다.

# %% [markdown]
# ### ✏️ 연습 3-1 (2점): 로그 확률
# 중심 벡터의 행렬 `W`(V×d), 문맥 벡터의 행렬 `C`(V×d)와 낱말 번호 `w`, `c`를 받아 $\log p(c \mid w)$(자연로그)를 돌려주는 `log_probability`를 완성하세요. 내적이 1,000이어도
# 넘치지(overflow) 않아야 합니다.
#
# <details><summary>힌트 1</summary> 분모는 <b>문맥</b> 모두의 합입니다: 점수는 <code>C @ W[w]</code>. </details>
# <details><summary>힌트 2</summary> 모든 점수에서 가장 큰 점수를 빼도 확률은 그대로입니다. 그러면 지수가 1을 넘지 않습니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "03-log-probability", "grade": false, "solution": true, "locked": false, "task": false}
def log_probability(W, C, w, c):
    ### BEGIN SOLUTION
    scores = C @ W[w]
    scores = scores - scores.max()
    return float(scores[c] - np.log(np.exp(scores).sum()))
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "03-log-probability-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("03-log-probability", points=2, hint="log p(c|w) = u_c·v_w − log Σ exp(u_c'·v_w). 합은 모든 문맥 c'에 대해, 중심 w는 고정입니다."):
    centres, neighbours = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.5, 1.0]])
    assert np.isclose(log_probability(centres, neighbours, 0, 0), -np.log(1 + np.exp(-0.5)))
    assert np.isclose(sum(np.exp(log_probability(centres, neighbours, 0, c)) for c in (0, 1)), 1), "확률의 합은 1입니다."
    assert np.isclose(log_probability(1000 * centres, neighbours, 0, 1), -500), "큰 내적에서 넘치지 않게 하세요."

# %% [markdown]
# ## 3. 기울기를 손으로 구하고, 두 가지로 확인하기
#
# 손실을 줄이려면 벡터를 어느 쪽으로 옮겨야 하는지 알아야 합니다. 벡터 $v$의 성분 하나하나로 미분한 값(편미분, partial derivative)을 모은 벡터가 **기울기**이고, $\partial \ell / \partial v$로
# 씁니다. 내적 $u \cdot v = u_1 v_1 + u_2 v_2 + \cdots$를 $v_1$로 미분하면 $u_1$, $v_2$로 미분하면 $u_2$이므로 $\partial (u \cdot v) / \partial v = u$입니다.
#
# 쌍 하나의 손실은 $\ell = -u_c \cdot v_w + \log \sum_{c'} \exp(u_{c'} \cdot v_w)$입니다. $v_w$로 미분하면 첫 항에서는 $-u_c$가 나옵니다. 둘째 항에는 합성함수의 미분 $(\log f)' = f'/f$를
# 씁니다. 그러면
# 소프트맥스가 다시 나타납니다.
#
# $$\frac{\partial}{\partial v_w} \log \sum_{c'} \exp(u_{c'} \cdot v_w)
# = \frac{\sum_{c'} \exp(u_{c'} \cdot v_w)\, u_{c'}}{\sum_{c'} \exp(u_{c'} \cdot v_w)}
# = \sum_{c'} p(c' \mid w)\, u_{c'}$$
#
# 문맥 벡터로도 같은 방법으로 미분하면 다음 두 식을 얻습니다.
#
# $$\frac{\partial \ell}{\partial v_w} = -u_c + \sum_{c'} p(c' \mid w)\, u_{c'}, \qquad
# \frac{\partial \ell}{\partial u_{c'}} = \big( p(c' \mid w) - [c' = c] \big)\, v_w$$
#
# $[c' = c]$는 정답이면 1, 아니면 0입니다. 읽는 법: 기울기는 **예측과 정답의 차이**입니다. $v_w$는 정답의 벡터 쪽으로, 예측한 평균에서는 멀어지는 쪽으로 움직입니다. 예측이 완벽하면
# 움직이지 않습니다. 그리고 쌍 하나에 문맥 벡터 **V개 모두**가 움직입니다. 이것이 5절의 문제가 됩니다.

# %% [markdown]
# ### ✏️ 연습 3-2 (3점): 소프트맥스 손실의 기울기
# `W`, `C`, `w`, `c`를 받아 쌍 하나의 손실의 기울기 두 개를 돌려주는 `softmax_gradients`를 완성하세요. 첫째는 $\partial \ell / \partial v_w$(길이 d), 둘째는
# $\partial \ell / \partial C$(V×d)입니다.
#
# <details><summary>힌트 1</summary> 먼저 확률 <code>p</code>(길이 V)를 구하고 정답 자리에서 1을 빼면 <code>error</code>가 됩니다. </details>
# <details><summary>힌트 2</summary> 첫째는 <code>C</code>의 행들을 error만큼씩 곱해 더한 것이고, 둘째는 (문맥의 번호, 차원)마다 error와 <code>W[w]</code>의 곱입니다:
# <code>np.outer</code>. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "03-softmax-gradients", "grade": false, "solution": true, "locked": false, "task": false}
def softmax_gradients(W, C, w, c):
    ### BEGIN SOLUTION
    scores = C @ W[w]
    error = np.exp(scores - scores.max())
    error = error / error.sum()
    error[c] = error[c] - 1
    return error @ C, np.outer(error, W[w])
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "03-softmax-gradients-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("03-softmax-gradients", points=3, hint="error = p − (정답이면 1). 정답 말고 다른 문맥의 벡터도 모두 기울기를 받습니다."):
    small_W, small_C = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    for_word, for_contexts = softmax_gradients(small_W, small_C, 0, 1)
    assert np.allclose(for_word, [0.5, -0.5]), "내적이 모두 0이면 두 문맥의 확률은 1/2씩입니다."
    assert np.allclose(for_contexts, 0)
    for_word, for_contexts = softmax_gradients(small_W, small_C, 1, 1)
    assert np.allclose(for_contexts.sum(axis=0), 0), "error의 합은 0입니다."
    assert for_contexts[1, 0] < 0 < for_contexts[0, 0], "정답은 v 쪽으로, 나머지는 반대쪽으로 움직여야 합니다."

# %% [markdown]
# 손으로 구한 식은 틀리기 쉽습니다. 그래서 언제나 **다른 방법**으로 확인합니다.
# - **자동 미분**(autograd): PyTorch가 계산 과정을 기록했다가 연쇄 법칙을 기계적으로 적용합니다.
# - **유한 차분**(finite difference): 벡터의 성분 하나를 $h$만큼 늘리고 줄여 손실이 얼마나 변하는지 직접 잽니다. $\frac{\ell(x+h) - \ell(x-h)}{2h}$.
#
# > **예측해 보세요.** 유한 차분의 $h$를 0.1에서 $10^{-12}$까지 줄이면 오차는 어떻게 될까요?

# %%
predict("03-step-size", choices=["계속 줄어든다", "줄어들다가 다시 커진다", "계속 커진다"], mine=None)

# %%
import torch


def softmax_loss_and_gradients(W, C, X):
    """횟수 행렬 X의 쌍 모두의 평균 손실, W의 기울기(V, d), C의 기울기(V, d)."""
    scores = W @ C.T                                                                  # (V, V): 모든 중심과 모든 문맥
    scores -= scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    error = (np.exp(log_p) * X.sum(axis=1, keepdims=True) - X) / X.sum()              # 예측한 횟수 − 실제 횟수
    return -(X * log_p).sum() / X.sum(), error @ C, error.T @ W


w, c = 3, 7
W_small, C_small = np.random.default_rng(1).normal(0, 0.5, (2, 30, 8))
one_pair = np.zeros((30, 30))
one_pair[w, c] = 1                                                                    # 쌍이 하나뿐인 말뭉치
assert np.isclose(softmax_loss_and_gradients(0 * W_small, C_small, one_pair)[0], np.log(30))   # 아무것도 모르면 log V
_, for_W, for_C = softmax_loss_and_gradients(W_small, C_small, one_pair)
by_hand = np.concatenate([for_W[w], for_C.ravel()])

tensors = [torch.tensor(array, requires_grad=True) for array in (W_small, C_small)]
torch.nn.functional.cross_entropy((tensors[1] @ tensors[0][w])[None], torch.tensor([c])).backward()
by_autograd = np.concatenate([tensors[0].grad[w].numpy(), tensors[1].grad.numpy().ravel()])
assert np.allclose(by_hand, by_autograd, atol=1e-12)


def by_differences(h):
    slopes = []
    for array, cells in ((W_small, [(w, d) for d in range(8)]), (C_small, list(np.ndindex(C_small.shape)))):
        for cell in cells:
            kept = array[cell]
            array[cell] = kept + h
            above = softmax_loss_and_gradients(W_small, C_small, one_pair)[0]
            array[cell] = kept - h
            below = softmax_loss_and_gradients(W_small, C_small, one_pair)[0]
            array[cell] = kept
            slopes.append((above - below) / (2 * h))
    return np.array(slopes)


steps = 10.0 ** -np.arange(1, 13)
errors = [np.linalg.norm(by_differences(h) - by_hand) / np.linalg.norm(by_hand) for h in steps]
best_step = steps[int(np.argmin(errors))]
compare("03-step-size", 2 if 0 < np.argmin(errors) < len(steps) - 1 else 1 if np.argmin(errors) else 3)
print(f"손 기울기와 자동 미분의 차이: 가장 큰 것 {np.abs(by_hand - by_autograd).max():.1e}")
print(f"유한 차분의 상대 오차: h = 0.1에서 {errors[0]:.1e}, 가장 작은 곳 h = {best_step:.0e}에서 {min(errors):.1e}, h = 1e-12에서 {errors[-1]:.1e}")

fig, axis = plt.subplots(figsize=(6, 3.4))
axis.plot(steps, errors, "o-", label="유한 차분과 손 기울기의 차이")
axis.plot(steps, errors[0] * (steps / steps[0]) ** 2, "--", color="black", linewidth=1, label="h의 제곱에 비례하는 선")
axis.set(xscale="log", yscale="log", xlabel="h (로그)", ylabel="상대 오차 (로그)", ylim=(min(errors) / 30, 1))
axis.set_xticks(steps[1::2], [f"1e-{n}" for n in range(2, 13, 2)])
axis.set_yticks([1, 1e-3, 1e-6, 1e-9], ["1", "1e-3", "1e-6", "1e-9"])
axis.minorticks_off()
axis.legend()
show(fig, alt=f"h에 따른 유한 차분의 상대 오차를 두 로그 축에 그린 V자 모양의 곡선. h = 0.1에서 {errors[0]:.0e}, h = {best_step:.0e}에서 가장 작은 {min(errors):.0e}, "
              f"h = 1e-12에서 다시 {errors[-1]:.0e}이다. 오른쪽 가지는 h의 제곱에 비례하는 점선과 겹친다.")

# %% [markdown]
# 손으로 구한 기울기와 자동 미분의 차이는 반올림 오차뿐이고, 유한 차분과도 맞습니다. 그런데 $h$를 줄인다고 계속 나아지지는 않습니다. 그림의 오른쪽 가지는 접선을 두 점을 잇는 직선으로 바꾸어
# 생긴 오차(절단 오차, truncation error)로, $h^2$에 비례해 줄어듭니다. 왼쪽 가지에서는 거의 같은 두 수를 빼면서 유효 숫자가 사라집니다. 그래서 유한 차분으로 확인할 때는 $h$를 $10^{-5}$쯤으로 잡고
# 64비트로 계산합니다.
#
# *왜 틀릴 수 있을까요?* 확인한 것은 "식과 코드가 서로 맞다"는 것뿐입니다. 줄이려는 손실의 식부터 잘못 세웠다면 세 방법이 사이좋게 같은 틀린 값을 냅니다. 그래서 손실은 아는 값으로 따로 확인해야
# 합니다. 위 셀에서는 모든 내적이 0일 때 손실이 $\log V$인지를 assert로 확인했습니다.

# %% [markdown]
# ## 4. 경사하강법
#
# 기울기는 손실이 가장 빨리 **커지는** 방향이므로 반대로 움직입니다. 이것을 되풀이하는 것이 경사하강법입니다.
#
# $$\theta \leftarrow \theta - \eta\, \nabla_\theta \mathcal{L}(\theta)$$
#
# $\eta$는 학습률, 곧 한 걸음의 크기입니다. 쌍이 같으면 기울기도 같으므로 쌍마다 더하지 말고, 3절의 함수에 말뭉치의 횟수 행렬 `X`를 넘겨 한꺼번에 계산합니다. 손실은 쌍 하나의 평균으로 적습니다. 시작점은 작은 난수입니다.
#
# 손실의 **바닥**도 미리 알 수 있습니다. 중심 낱말을 보지 않고 문맥의 횟수만 아는 모델의 가장 작은 손실은 문맥의 엔트로피(entropy) $H(C) = -\sum_c P(c) \log P(c)$입니다. 중심을 볼 때 이 말뭉치에서 가능한
# 가장 작은 손실은 조건부 엔트로피(conditional entropy) $H(C \mid W) = -\sum_{w,c} P(w,c) \log P(c \mid w)$입니다. 둘의 차이가 02강의 상호정보량입니다.
#
# > **예측해 보세요.** 학습률 1, 20, 400 가운데 200걸음 뒤의 손실이 가장 작은 것은?

# %%
predict("03-learning-rate", choices=["1", "20", "400"], mine=None)

# %%
def descend(loss_and_gradients, rate, steps, size=20, seed=0):
    rng = np.random.default_rng(seed)
    W, C = rng.normal(0, 0.1, (2, V, size))
    history = []
    for _ in range(steps):
        loss, for_W, for_C = loss_and_gradients(W, C)
        history.append(loss)
        if not loss < 10 * history[0]:                                                # 발산하면 그만둡니다
            break
        W, C = W - rate * for_W, C - rate * for_C
    return W, C, np.array(history)


share = X.sum(axis=0) / total
H_C = -(share[share > 0] * np.log(share[share > 0])).sum()
P = X / X.sum(axis=1, keepdims=True)
H_CW = -(X[X > 0] * np.log(P[X > 0])).sum() / total
runs = {rate: descend(lambda W, C: softmax_loss_and_gradients(W, C, X), rate, 200) for rate in (1, 20, 400)}
finals = {rate: (run[2][-1] if len(run[2]) == 200 else np.inf) for rate, run in runs.items()}
best_rate = min(finals, key=finals.get)
compare("03-learning-rate", str(best_rate))
for rate, (_, _, history) in runs.items():
    print(f"η = {rate:>3}: 시작 {history[0]:.2f} → " + (f"200걸음 뒤 {history[-1]:.2f}" if len(history) == 200 else f"{len(history)}걸음 만에 발산"))
print(f"log V = {np.log(V):.2f}, 문맥의 엔트로피 H(C) = {H_C:.2f}, 바닥 H(C|W) = {H_CW:.2f}")

fig, axis = plt.subplots(figsize=(7, 3.8))
for (rate, (_, _, history)), style in zip(runs.items(), ("-", "--", ":")):
    axis.plot(history, style, label=f"η = {rate}" + ("" if len(history) == 200 else " (발산)"))
axis.axhline(H_C, color="black", linewidth=0.8)
axis.axhline(H_CW, color="black", linewidth=0.8)
axis.text(198, H_C, "문맥의 횟수만 알 때 H(C)", ha="right", va="bottom")
axis.text(198, H_CW, "이 말뭉치에서의 바닥 H(C|W)", ha="right", va="bottom")
axis.set(xlabel="걸음", ylabel="쌍 하나의 평균 손실", ylim=(H_CW - 0.3, np.log(V) + 0.5), title="학습률에 따른 손실")
axis.legend()
show(fig, alt=f"걸음에 따른 손실 곡선. 학습률 1은 {runs[1][2][-1]:.2f}에 머물고, 20은 {runs[20][2][-1]:.2f}까지 내려가고, 400은 치솟아 그림을 벗어난다. "
              f"가로선은 H(C) = {H_C:.2f}와 바닥 H(C|W) = {H_CW:.2f}이다.")

# %% [markdown]
# 처음 손실은 거의 $\log V$, 곧 아무것도 모르는 모델의 값입니다. 너무 작은 학습률로는 200걸음 동안 처음 자리를 거의 벗어나지 못하고, 너무 큰 학습률은 골짜기를 뛰어넘어 발산합니다. 알맞은 학습률에서도
# 처음에는 거의 평평하다가 내려갑니다. 3절의 식에서 기울기는 error에 **다른 쪽 벡터**를 곱한 것이므로, 두 벡터가 모두 0에 가까우면 기울기도 0에 가깝기 때문입니다. 손실이 H(C)보다 작아진 만큼은
# **중심 낱말을 보아야만 알 수 있는 것**입니다.
#
# *왜 틀릴 수 있을까요?* 바닥 H(C|W)에 닿으면 좋은 것일까요? 그것은 말뭉치의 횟수를 **외운** 것입니다. 20차원에 다 담지 못해 뭉뚱그려진 것이 오히려 쓸모 있을 수 있습니다(02강의 SVD에서 그런 일을 보았습니다).
# 손실이 작은 벡터가 쓸모 있는 벡터라는 보장은 없으므로, 쓸모는 8절에서 따로 잽니다.

# %%
W_softmax, C_softmax, _ = runs[best_rate]
W_first, C_first = np.random.default_rng(0).normal(0, 0.1, (2, V, 20))                # descend의 시작점
for name, scores in (("배우기 전", W_first @ C_first.T), ("배운 뒤", W_softmax @ C_softmax.T)):
    print(f"{name}: 내적의 평균, 나온 쌍(횟수로 가중) {(X * scores).sum() / total:+.2f}, 한 번도 나오지 않은 쌍 {scores[X == 0].mean():+.2f}")
cosines = similarity.unit_rows(W_softmax) @ similarity.unit_rows(W_softmax).T
np.fill_diagonal(cosines, -np.inf)                                                    # 자기 자신은 이웃이 아닙니다
for name, scores in (("중심 벡터의 이웃", cosines), ("곁에 올 확률이 큰 문맥", W_softmax @ C_softmax.T)):
    met = np.take_along_axis(X > 0, np.argsort(-scores, axis=1)[:, :5], axis=1).mean(axis=1)
    low, high = evaluation.bootstrap_interval(np.mean, met)
    print(f"{name} 다섯 가운데 그 낱말과 한 창에서 만난 적이 있는 것: {met.mean():.0%} [{low:.0%}, {high:.0%}] (아무 쌍이나 고르면 {np.mean(X > 0):.0%})")
pd.DataFrame({word: {"중심 벡터의 이웃 (코사인)": " ".join(n for n, _ in similarity.nearest(W_softmax, vocabulary, word, n=5)),
                     "곁에 올 확률이 큰 문맥": " ".join(n for n, _ in similarity.best(C_softmax @ W_softmax[vocabulary.index[word]], vocabulary, 5))}
              for word in ("고양이", "사과", "의사")}).T

# %% [markdown]
# 진짜 쌍의 내적은 커지고 나오지 않은 쌍의 내적은 작아졌습니다. 손실의 두 항이 시킨 그대로입니다. 그랬을 뿐인데 200걸음 만에 표에 뜻이 비치기 시작합니다. 왼쪽 열(중심 벡터끼리의 코사인)에는
# `고양이–양`, `의사–교사`처럼 **바꿔 쓸 수 있는** 말이, 오른쪽 열(중심과 문맥의 내적)에는 **함께 오는** 말이 많습니다. 01강의 계열 관계와 통합 관계가 서로 다른 곱에 들어 있습니다. 위에 적은 비율을 보세요. 오른쪽의
# 말은 대부분 한 창에서 만난 적이 있고, 왼쪽은 그보다 적습니다. 다만 낱말 300개와 200걸음으로는 왼쪽에도 `사과–익다`처럼 함께 오는 말이 섞입니다. 오른쪽에는 누구의 곁에나 오는 흔한 말도 끼어 있습니다.
# 소프트맥스가 배운 것은 $P(c \mid w)$이기 때문입니다.

# %% [markdown]
# ## 5. 분모의 값: 어휘가 커지면
#
# 위에서는 어휘가 300개였습니다. 실제 어휘는 수만에서 수백만 개입니다. 쌍 **하나**를 배울 때마다 분모 $\sum_{c'}$ 때문에 문맥 벡터 V개를 모두 읽고 고쳐야 합니다. 거기에 드는 시간만 재어 봅시다. 비교할
# 것은 문맥 벡터를 여섯 개(정답 하나와, 6절에서 볼 가짜 다섯)만 읽고 고치는 걸음입니다.
#
# > **예측해 보세요.** 어휘가 1,000개에서 64,000개로 64배가 되면 쌍 하나의 걸음은 몇 배 느려질까요?

# %%
predict("03-cost", choices=["거의 같다", "8배쯤", "64배쯤이거나 그보다 더", "4,096배쯤"], mine=None)

# %%
def read_and_move(W, C, w, rows, change):
    """쌍 하나의 걸음에 드는 일: 중심 벡터와 문맥 벡터들의 내적, 지수, 그리고 그만큼씩 고치기. change는 미리 잡아 둔 자리."""
    scores = np.exp(C[rows] @ W[w])
    np.multiply(scores[:, None], np.float32(1e-6) * W[w], out=change)
    C[rows] -= change


def seconds_per_step(step, repeats):
    best = np.inf
    for _ in range(3):                                                                # 다른 일이 끼어들지 않은 때를 고릅니다
        start = time.perf_counter()
        for _ in range(repeats):
            step()
        best = min(best, (time.perf_counter() - start) / repeats)
    return best


sizes = by_profile(smoke=[1000, 4000, 16000, 64000], laptop=[1000, 2000, 4000, 8000, 16000, 32000, 64000], gpu=[1000, 4000, 16000, 64000, 256000])
cost_rng = np.random.default_rng(0)
costs = []
for size in sizes:
    big = [cost_rng.normal(0, 0.1, (size, 100)).astype(np.float32) for _ in range(2)]
    six = cost_rng.integers(0, size, 6)
    costs.append([])
    for rows, repeats in ((slice(None), 3), (six, 200)):
        change = np.empty_like(big[1][rows])
        costs[-1].append(seconds_per_step(lambda rows=rows, big=big, change=change: read_and_move(*big, 3, rows, change), repeats))
costs = np.array(costs)
times_slower = costs[sizes.index(64000), 0] / costs[0, 0]
compare("03-cost", 1 if times_slower < 3 else 2 if times_slower < 24 else 3 if times_slower < 2000 else 4)
slopes = [np.polyfit(np.log(sizes), np.log(column), 1)[0] for column in costs.T]
print(f"문맥 벡터 V개 모두(소프트맥스): V = {sizes[0]:,}에서 {costs[0, 0] * 1e6:,.0f}µs, "
      f"64,000에서 {costs[sizes.index(64000), 0] * 1e6:,.0f}µs ({times_slower:.0f}배). 두 로그 축에서의 기울기 {slopes[0]:.2f}")
print(f"문맥 벡터 6개만(음성 표집, k = 5): {costs[0, 1] * 1e6:.0f}µs와 {costs[sizes.index(64000), 1] * 1e6:.0f}µs. 기울기 {slopes[1]:.2f}")
hours = 60e6 * costs[sizes.index(64000), 0] / 3600
print(f"낱말 천만 개의 말뭉치(자리마다 쌍이 평균 여섯이므로 6천만 쌍쯤)를 한 번 읽는 데: 소프트맥스 {hours:,.0f}시간, 음성 표집 {60e6 * costs[sizes.index(64000), 1] / 3600:.1f}시간(이 numpy 셀로)")

fig, axis = plt.subplots(figsize=(6.5, 3.6))
axis.plot(sizes, costs[:, 0] * 1e6, "o-", label="소프트맥스 (어휘 전체의 합)")
axis.plot(sizes, costs[:, 1] * 1e6, "s--", label="음성 표집 (k = 5)")
axis.set(xscale="log", yscale="log", xlabel="어휘의 크기 V (로그)", ylabel="쌍 하나의 걸음, µs (로그)")
axis.legend()
show(fig, alt=f"어휘의 크기에 따른 한 걸음의 시간. 소프트맥스는 {costs[0, 0] * 1e6:,.0f}µs에서 {costs[-1, 0] * 1e6:,.0f}µs로 오르고(기울기 {slopes[0]:.1f}), "
              f"음성 표집은 {costs[0, 1] * 1e6:.0f}µs와 {costs[-1, 1] * 1e6:.0f}µs로 거의 평평하다.")

# %% [markdown]
# 어휘 전체의 합이 드는 소프트맥스의 걸음은 V에 비례하거나 그보다 빨리 느려집니다. (두 로그 축에서의 기울기가 1을 넘는다면, 벡터 V개가 프로세서의 캐시에 더는 들어가지 않기 때문으로 보입니다.) 반면 문맥 벡터를
# **정해진 개수만** 읽고 고치는 방법이 있다면 어휘의 크기와 상관이 없습니다. 그런 방법이 다음 절의 음성 표집입니다.
#
# *왜 틀릴 수 있을까요?* 여기서 잰 것은 쌍 하나씩의 걸음입니다. 4절처럼 같은 중심의 쌍을 모아서 계산하면 소프트맥스도 훨씬 싸집니다. "소프트맥스는 쓸 수 없다"가 아니라 "**쌍마다** 어휘
# 전체를 더할 수는 없다"가 맞는 말입니다. 요즘의 언어 모델은 행렬 곱에 능한 GPU에서 소프트맥스를 그대로 씁니다.

# %% [markdown]
# ## 6. 음성 표집: 진짜인가, 가짜인가
#
# **음성 표집**(네거티브 샘플링, negative sampling)은 물음을 바꿉니다. "V개 가운데 **어느 것**이 올까?"가 아니라 "이 쌍은 **진짜**인가, 아무렇게나 뽑은 가짜인가?" 답이 둘뿐인 **이진 분류**(binary
# classification)입니다. 진짜일 확률은
# 시그모이드(sigmoid)로 나타냅니다.
#
# $$P(\text{진짜} \mid w, c) = \sigma(u_c \cdot v_w) = \frac{1}{1 + e^{-u_c \cdot v_w}}, \qquad
# P(\text{가짜} \mid w, c) = 1 - \sigma(u_c \cdot v_w) = \sigma(-u_c \cdot v_w)$$
#
# 진짜 쌍 하나마다 가짜 문맥 k개(보통 5~10개)를 뽑아 함께 배웁니다. 손실은 이렇게 바뀝니다.
#
# $$\ell = -\log \sigma(u_c \cdot v_w) - \sum_{i=1}^{k} \log \sigma(-u_{n_i} \cdot v_w)$$
#
# $\frac{d}{dx}\log\sigma(x) = 1 - \sigma(x)$이고 $1 - \sigma(-x) = \sigma(x)$이므로 기울기는 다시 **예측과 정답의 차이**입니다. 진짜의 정답은 1, 가짜의 정답은 0입니다.
#
# $$\frac{\partial \ell}{\partial v_w} = \big(\sigma(u_c \cdot v_w) - 1\big) u_c + \sum_i \sigma(u_{n_i} \cdot v_w)\, u_{n_i}$$

# %% [markdown]
# ### ✏️ 연습 3-3 (3점): 음성 표집의 손실과 기울기
# 중심 벡터 `v`(길이 d), 진짜 문맥의 벡터 `right`(길이 d), 가짜 문맥의 벡터들 `wrong`(k×d)을 받아 `(손실, v의 기울기, right의 기울기, wrong의 기울기)`를 돌려주는
# `negative_sampling`을 완성하세요. 기울기의 모양은 각각의 벡터와 같습니다.
#
# <details><summary>힌트 1</summary> <code>s_right = σ(right @ v)</code>, <code>s_wrong = σ(wrong @ v)</code>. 손실은 −log s_right − Σ log(1 − s_wrong).
# </details>
# <details><summary>힌트 2</summary> 기울기의 계수는 진짜가 <code>s_right − 1</code>, 가짜가 <code>s_wrong − 0</code>입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "03-negative-sampling", "grade": false, "solution": true, "locked": false, "task": false}
def negative_sampling(v, right, wrong):
    ### BEGIN SOLUTION
    score_right, score_wrong = right @ v, wrong @ v
    loss = np.logaddexp(0, -score_right) + np.logaddexp(0, score_wrong).sum()
    error_right = 1 / (1 + np.exp(-score_right)) - 1
    error_wrong = 1 / (1 + np.exp(-score_wrong))
    return loss, error_right * right + error_wrong @ wrong, error_right * v, np.outer(error_wrong, v)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "03-negative-sampling-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("03-negative-sampling", points=3, hint="손실은 k개의 평균이 아니라 합입니다. 가짜의 항은 log σ(−u·v)입니다."):
    v0, right0, wrong0 = np.array([1.0, 0.0]), np.array([0.0, 2.0]), np.array([[0.0, 1.0], [0.0, -1.0]])
    loss0, for_v, for_right, for_wrong = negative_sampling(v0, right0, wrong0)
    assert np.isclose(loss0, 3 * np.log(2)), "내적이 모두 0이면 세 확률이 모두 1/2입니다."
    assert np.allclose(for_v, [0, -1]) and np.allclose(for_right, [-0.5, 0]) and np.allclose(for_wrong, [[0.5, 0], [0.5, 0]])
    nudged = v0 + [1e-6, 0]
    assert abs((negative_sampling(nudged, right0 + 0.3, wrong0)[0] - negative_sampling(v0, right0 + 0.3, wrong0)[0]) / 1e-6
               - negative_sampling(v0, right0 + 0.3, wrong0)[1][0]) < 1e-4, "유한 차분과 다릅니다."

# %% [markdown]
# ### 가짜는 무엇에서 뽑을까: 횟수의 3/4제곱
# 가짜를 어휘에서 고르게 뽑으면 거의 드문 말만 나와 너무 쉽고, 횟수대로 뽑으면 거의 흔한 말만 나옵니다. Word2Vec은 횟수의 0.75제곱에 비례하게 뽑습니다. 02강의 문맥 분포 평활과 같은 수이고,
# 우연이 아닙니다. 7절에서 그 까닭을 봅니다.
#
# ### 흔한 낱말 덜 읽기: 부표집
# `는`, `를`, `이다` 같은 말은 수천 번 나오지만 곁의 말에 대해 알려 주는 것이 적습니다. 그래서 말뭉치에서 차지하는 비율이 $f$인 낱말의 자리를 확률 $\sqrt{t/f} + t/f$(1을 넘으면 1)로만 남깁니다. 이것이
# **부표집**(서브샘플링, subsampling)이고, $t$는 보통 $10^{-3}$에서 $10^{-5}$입니다. 논문의 식은 $\sqrt{t/f}$이지만 저자들의 코드와 gensim은 위의 식을 씁니다. 창은 버린 낱말을 뺀 문장에 놓으므로 원래보다 먼 낱말까지
# 닿습니다.
#
# > **예측해 보세요.** $t = 10^{-3}$이면 백과사전의 낱말 자리 가운데 얼마나 남을까요?

# %%
predict("03-subsampling", choices=["90%쯤", "60~80%", "30~50%", "10%쯤"], mine=None)

# %% [markdown]
# ### ✏️ 연습 3-4 (2점): 가짜의 확률과 남길 확률
# 낱말의 횟수 `counts`(배열), 지수 `power`, 문턱 `t`를 받아 두 배열을 돌려주는 `sampling`을 완성하세요. 첫째는 가짜로 뽑힐 확률(합이 1), 둘째는 부표집에서 자리가 남을 확률(1 이하)입니다.
#
# <details><summary>힌트 1</summary> 거듭제곱한 뒤에 합으로 나눕니다. </details>
# <details><summary>힌트 2</summary> f는 횟수가 아니라 비율입니다: <code>counts / counts.sum()</code>. 1을 넘지 않게 <code>np.minimum</code>을 쓰세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "03-sampling", "grade": false, "solution": true, "locked": false, "task": false}
def sampling(counts, power, t):
    ### BEGIN SOLUTION
    raised = np.power(np.asarray(counts, dtype=float), power)
    share = np.asarray(counts) / np.sum(counts)
    return raised / raised.sum(), np.clip(np.sqrt(t / share) + t / share, None, 1.0)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "03-sampling-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("03-sampling", points=2, hint="가짜의 확률은 거듭제곱한 뒤에 합이 1이 되게 나눕니다. 남길 확률은 √(t/f) + t/f이되 1을 넘지 않습니다(f는 비율)."):
    noise, keep = sampling(np.array([81, 16, 3]), 0.5, 0.01)
    assert np.isclose(noise.sum(), 1) and np.isclose(noise[0] / noise[1], 9 / 4)
    assert np.isclose(keep[0], np.sqrt(0.01 / 0.81) + 0.01 / 0.81) and keep.max() <= 1
    assert np.allclose(sampling(np.array([81, 16, 3]), 0.75, 1e-3)[0], noise_distribution([81, 16, 3])), "패키지의 값과 다릅니다."
    assert np.allclose(sampling(np.array([81, 16, 3]), 0.75, 1e-3)[1], keep_probability([81, 16, 3], 1e-3)), "패키지의 값과 다릅니다."

# %%
all_words = cooccurrence.build_vocabulary(sentences, min_count=3)
all_share, noise, keep = all_words.counts / all_words.counts.sum(), noise_distribution(all_words.counts), keep_probability(all_words.counts, 1e-3)
left = (all_share * keep).sum()
compare("03-subsampling", 1 if left > 0.8 else 2 if left > 0.55 else 3 if left > 0.2 else 4)
print(f"낱말 {all_words.counts.sum():,}자리. 낱말의 종류 {len(all_words):,}개 가운데 남길 확률이 1보다 작은 것 {np.mean(keep < 1):.1%}, 남는 자리 {left:.0%}")
shown = [0, 1, 4, all_words.index["고양이"], all_words.index["피아노"], len(all_words) - 1]
pd.DataFrame({"횟수": all_words.counts[shown], "말뭉치에서의 비율": all_share[shown].round(5), "가짜로 뽑힐 확률": noise[shown].round(5),
              "남길 확률": keep[shown].round(2)},
             index=[all_words.words[i] for i in shown])

# %% [markdown]
# 아주 적은 종류의 낱말만 줄였는데도 읽을 자리가 크게 줄었습니다. 지프의 법칙(01강) 때문입니다. 가짜로 뽑힐 확률은 말뭉치에서의 비율보다 흔한 말에서는 작고 드문 말에서는 큽니다.
#
# ### 손으로 쓴 경사하강법과 패키지
# 음성 표집의 손실도 쌍의 횟수 행렬로 **정확한 기댓값**을 쓸 수 있습니다. 쌍 $(w,c)$의 횟수를 $\#(w,c)$, $w$가 중심인 쌍의 수를 $\#(w) = \sum_c \#(w,c)$라 하고 가짜를 확률 $q(c)$로 뽑으면
#
# $$\mathcal{L} = -\sum_{w,c} \#(w,c) \log \sigma(u_c \cdot v_w) - k \sum_{w,c} \#(w)\, q(c) \log \sigma(-u_c \cdot v_w)$$
#
# 입니다. 진짜 쌍마다 가짜를 $k$개 뽑으므로, $(w,c)$가 가짜로 나오는 횟수의 기댓값이 $k\,\#(w)\,q(c)$입니다. 이것을 4절처럼 경사하강법으로 줄이고, 말뭉치를 읽으며 한 쌍씩 고치는(확률적 경사하강법, stochastic gradient
# descent) 패키지의 `SkipGram`이 같은 손실에 닿는지 봅니다.

# %%
K = 5
noise_300 = noise_distribution(vocabulary.counts)                                     # q(c)


def sgns_loss_and_gradients(W, C):
    scores = W @ C.T
    fake = K * X.sum(axis=1, keepdims=True) * noise_300                               # (V, V) 가짜 쌍의 횟수의 기댓값
    real_p = 1 / (1 + np.exp(-scores))
    error = (real_p * (X + fake) - X) / total
    loss = (X * np.logaddexp(0, -scores) + fake * np.logaddexp(0, scores)).sum() / total
    return loss, error @ C, error.T @ W


W_sgns, C_sgns, history = descend(sgns_loss_and_gradients, 30, 600)
packages = [SkipGram(dimensions=20, window=WINDOW, negatives=K, epochs=60, min_count=1, max_vocabulary=V, subsample=0, learning_rate=0.05,
                     workers=1, seed=seed).fit(content) for seed in (0, 1)]
assert packages[0].vocabulary_.words == vocabulary.words
package_loss = sgns_loss_and_gradients(*(matrix.astype(float) for matrix in (packages[0].vectors_, packages[0].context_vectors_)))[0]
untrained = (K + 1) * np.log(2)                                                       # 내적이 모두 0일 때
often = X >= 2
inner_products = [W_sgns @ C_sgns.T, *(model.vectors_ @ model.context_vectors_.T for model in packages)]
same = np.corrcoef([matrix[often] for matrix in inner_products])
assert np.isclose(sgns_loss_and_gradients(0 * W_sgns, C_sgns)[0], untrained)
assert abs(package_loss - history[-1]) < 0.05 * (untrained - history[-1]) and same[0, 1] > 0.8
print(f"손실: 배우기 전 {untrained:.3f}, 손으로 쓴 경사하강법 {history[-1]:.3f}, 패키지 {package_loss:.3f}")
print(f"자주 나온 쌍 {often.sum():,}개에서 내적의 상관계수: 손과 패키지 {same[0, 1]:.3f}, 패키지와 시드만 다른 패키지 {same[1, 2]:.3f}")

# %% [markdown]
# 한쪽은 행렬 전체를, 한쪽은 문장을 읽으며 한 쌍씩 고쳤지만 거의 같은 손실에 닿았습니다. 내적도 비슷한데, 패키지가 시드만 바꾼 자기 자신과 비슷한 정도에 조금 못 미칩니다.
# 손으로 쓴 쪽이 아직 덜 내려갔기 때문으로 보입니다(손실을 비교해 보세요). 앞으로는 빠른 쪽을 씁니다.
#
# ### 소프트맥스와 시그모이드는 다른 물음에 답합니다
#
# > **예측해 보세요.** `고양이`의 곁에 올 말로, **흔한** 말을 더 위에 놓는 쪽은 어느 쪽일까요?

# %%
predict("03-which-frequent", choices=["소프트맥스", "시그모이드", "둘이 같다"], mine=None)

# %%
softmax_scores = W_softmax @ C_softmax.T
softmax_p = np.exp(softmax_scores - softmax_scores.max(axis=1, keepdims=True))
softmax_p /= softmax_p.sum(axis=1, keepdims=True)
sigmoid_p = 1 / (1 + np.exp(-(W_sgns @ C_sgns.T)))
print(f"고양이의 확률을 모두 더하면: 소프트맥스 {softmax_p[cat].sum():.2f}, 시그모이드 {sigmoid_p[cat].sum():.2f}")


def how_frequent(p):
    """낱말마다: 확률이 큰 문맥 10개의 횟수, 그 중앙값 (V,)"""
    return np.median(vocabulary.counts[np.argsort(-p, axis=1)[:, :10]], axis=1)


fake_300 = K * X.sum(axis=1, keepdims=True) * noise_300
for name, softmax_answer, sigmoid_answer in (("배운 두 모델", softmax_p, sigmoid_p), ("배우지 않고 횟수에서 바로 구한 두 확률", P, X / (X + fake_300))):
    for_softmax, for_sigmoid = how_frequent(softmax_answer), how_frequent(sigmoid_answer)
    ratio = np.log(for_softmax / for_sigmoid)
    low, high = evaluation.bootstrap_interval(np.mean, ratio)
    print(f"{name}: 위의 10개 문맥의 횟수(중앙값) 소프트맥스 {np.median(for_softmax):.0f}번, 시그모이드 {np.median(for_sigmoid):.0f}번. "
          f"같은 낱말에서의 비율은 평균 {np.exp(ratio.mean()):.1f}배, 95% 구간 [{np.exp(low):.1f}, {np.exp(high):.1f}]")
    if name == "배운 두 모델":
        compare("03-which-frequent", 1 if low > 0 else 2 if high < 0 else 3)
pd.DataFrame({word: {name: " ".join(vocabulary.words[i] for i in np.argsort(-p[vocabulary.index[word]])[:7])
                     for name, p in (("소프트맥스: 어느 것이 가장 올 만한가", softmax_p), ("시그모이드: 진짜 쌍인가", sigmoid_p))} for word in ("고양이", "사과", "의사")}).T

# %% [markdown]
# - **소프트맥스**는 "모든 후보 가운데 어느 것이 가장 그럴듯한가"에 답합니다. 확률의 합이 1이고, 값은 $P(c \mid w)$를 따릅니다. 흔한 말은 어디서나 확률이 큽니다.
# - **시그모이드**는 "이 쌍 하나가 진짜인가"에 답합니다. 쌍마다 따로 답하므로 합이 1일 까닭이 없습니다. 흔한 말은 가짜로도 자주 뽑히므로, 흔하다는 것만으로는 진짜라고 하지 않습니다. **우연과
#   비교**하는 것입니다. 02강의 PMI가 떠오르지 않나요?
#
# *왜 틀릴 수 있을까요?* 두 모델은 물음뿐 아니라 걸음의 수와 학습률도 달랐습니다. 그래서 배우지 않고 횟수에서 바로 구한 두 확률로도 재었습니다(위의 둘째 줄). 크기는 줄지만 차이가 남으므로, 적어도 그만큼은 물음이 달라서 생긴 것입니다. 또
# 음성 표집은 소프트맥스를 정확하게 근사하지 않습니다. 시그모이드의 값을 "다음에 올 확률"로 읽으면 틀립니다. 벡터를 얻는 것이 목적이라 괜찮을 뿐입니다. 확률이 필요하면 잡음 대조 추정
# (noise-contrastive estimation)처럼 가짜의 확률을 식에 넣어야 합니다.

# %% [markdown]
# ## 7. 음성 표집이 배우는 것은 PMI입니다: 시험하기
#
# 쌍 $(w,c)$ 하나의 내적 $x = u_c \cdot v_w$를 마음대로 고를 수 있다고 합시다. 6절의 기댓값에서 이 쌍이 차지하는 항은 $-\#(w,c)\log\sigma(x) - k\,\#(w)\,q(c)\log\sigma(-x)$입니다. $x$로
# 미분해서 0으로 놓으면
#
# $$-\#(w,c)\,\big(1 - \sigma(x)\big) + k\,\#(w)\,q(c)\,\sigma(x) = 0$$
#
# 이고, $\sigma(x)$를 구한 다음 $x = \log \frac{\sigma(x)}{1 - \sigma(x)}$에 넣으면
#
# $$\sigma(x) = \frac{\#(w,c)}{\#(w,c) + k\,\#(w)\,q(c)} \quad\Longrightarrow\quad
# x = \log \frac{\#(w,c)}{\#(w)\,q(c)} - \log k = \mathrm{PMI}_q(w,c) - \log k$$
#
# 입니다(Levy & Goldberg, 2014). $\mathrm{PMI}_q$는 문맥의 확률로 $q$를 쓴 PMI입니다. $q$가 횟수의 0.75제곱에 비례하면 이것이 02강의 **평활한 PMI**(α = 0.75)와
# 같은 꼴입니다. (02강은 쌍에서 센 문맥의 횟수를, Word2Vec은 말뭉치에서 센 낱말의 횟수를 0.75제곱한다는 것만 다릅니다.) 스킵그램은 행렬을 만든 적이 없는데
# $\log k$만큼 내린 PMI 행렬을 두 벡터의 곱으로 **분해**하고 있는 셈입니다. 정말 그런지 시험합니다.

# %% [markdown]
# ### ✏️ 연습 3-5 (2점): 가장 좋은 내적
# 쌍의 횟수 행렬 `counts`(numpy 배열, V×V), 가짜의 확률 `noise`(길이 V, 합 1), 가짜의 수 `k`와 번호 `w`, `c`를 받아 손실을 가장 작게 하는 내적을 돌려주는 `best_inner_product`를 완성하세요.
# 한 번도 나오지 않은 쌍이면 `-np.inf`입니다.
#
# <details><summary>힌트 1</summary> #(w)는 행의 합입니다. 문맥의 횟수는 쓰지 않습니다: 그 자리에 noise[c]가 들어갑니다. </details>
# <details><summary>힌트 2</summary> "진짜의 횟수 ÷ 가짜의 횟수의 기댓값"의 로그입니다. log k를 빼는 것은 나누는 수에 k를 곱하는 것과 같습니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "03-best-inner-product", "grade": false, "solution": true, "locked": false, "task": false}
def best_inner_product(counts, noise, k, w, c):
    ### BEGIN SOLUTION
    fakes = k * counts[w].sum() * noise[c]
    return float(np.log(counts[w, c] / fakes)) if counts[w, c] > 0 else -np.inf
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "03-best-inner-product-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("03-best-inner-product", points=2, hint="진짜의 횟수 #(w,c)를 가짜의 기댓값 k·#(w)·q(c)로 나눈 값의 로그입니다."):
    tiny, q = np.array([[0, 6, 2], [6, 1, 0], [2, 0, 0]]), np.array([0.5, 0.25, 0.25])
    assert np.isclose(best_inner_product(tiny, q, 3, 0, 1), 0), "진짜 6번, 가짜도 3 × 8 × 0.25 = 6번이면 반반입니다."
    assert np.isclose(best_inner_product(tiny, q, 1, 0, 1), np.log(3))
    assert best_inner_product(tiny, q, 3, 1, 2) == -np.inf
    assert np.isclose(best_inner_product(np.array([[1, 3], [2, 2]]), np.array([0.5, 0.5]), 1, 0, 1), np.log(1.5)), "#(w)는 행의 합입니다."

# %% [markdown]
# > **예측해 보세요.** 말뭉치를 수십 번 읽은 100차원 스킵그램에서, 열 번 이상 나온 쌍의 내적과 PMI − log k의 상관계수는 얼마일까요?

# %%
predict("03-shifted-pmi", choices=["0.3보다 작다", "0.3~0.6", "0.6~0.9", "0.9보다 크다"], mine=None)

# %%
pair_counts, words_5 = expected_counts(content, min_count=5)
cells = pair_counts.tocoo()
noise_5 = noise_distribution(words_5.counts)
row_sums = pair_counts.sum(axis=1)
target = np.log(cells.data / (row_sums[cells.row] * noise_5[cells.col])) - np.log(K)
plain = pmi.pmi(pair_counts)
plain_target = np.asarray(plain[cells.row, cells.col]).ravel() - np.log(K)
frequent = cells.data >= 10


def factorised(dimensions, epochs, seed=0):
    """내적의 행렬(V, V)을 돌려줍니다."""
    model = SkipGram(dimensions=dimensions, window=WINDOW, negatives=K, epochs=epochs, subsample=0,
                     learning_rate=0.05, workers=1, seed=seed).fit(content)
    assert model.vocabulary_.words == words_5.words
    return model.vectors_ @ model.context_vectors_.T


def correlation(inner, wanted, chosen):
    return np.corrcoef(inner[cells.row[chosen], cells.col[chosen]], wanted[chosen])[0, 1]


epochs = by_profile(smoke=20, laptop=40, gpu=60)
inner = factorised(100, epochs)
r = correlation(inner, target, frequent)
compare("03-shifted-pmi", 1 if r < 0.3 else 2 if r < 0.6 else 3 if r < 0.9 else 4)
learnt = inner[cells.row[frequent], cells.col[frequent]]


def weighted_correlation(words, wanted):
    """중심 낱말을 다시 뽑았을 때의 상관계수: 두 번 뽑힌 낱말의 쌍은 두 번 셉니다."""
    weight = np.bincount(words, minlength=len(words_5))[cells.row[frequent]]
    (a, both), (_, b) = np.cov(learnt, wanted[frequent], fweights=weight)
    return both / np.sqrt(a * b)


everyone = np.arange(len(words_5))
low, high = evaluation.bootstrap_interval(lambda words: weighted_correlation(words, target), everyone)
gap_low, gap_high = evaluation.bootstrap_interval(
    lambda words: weighted_correlation(words, target) - weighted_correlation(words, plain_target), everyone)
slope, shift = np.polyfit(target[frequent], learnt, 1)
controls = [correlation(inner[np.random.default_rng(s).permutation(len(words_5))], target, frequent) for s in range(20)]
print(f"열 번 이상 나온 쌍 {frequent.sum():,}개: r = {r:.3f}, 95% 구간 [{low:.3f}, {high:.3f}](중심 낱말을 다시 뽑음), 직선의 기울기 {slope:.2f}, 절편 {shift:+.2f}")
print(f"나온 쌍 {len(target):,}개 모두: r = {correlation(inner, target, np.full(len(target), True)):.3f}")
plain_r = correlation(inner, plain_target, frequent)
print(f"평활하지 않은 PMI − log k와는: r = {plain_r:.3f}. 차이(평활 − 그대로) {r - plain_r:+.3f} [{gap_low:+.3f}, {gap_high:+.3f}]")
print(f"대조군: 중심 낱말을 20번 뒤섞으면 r = {min(controls):+.2f}~{max(controls):+.2f}, 쌍의 횟수의 로그와는 r = {correlation(inner, np.log(cells.data), frequent):+.2f}")
never_met = np.ones(inner.shape, dtype=bool)
never_met[cells.row, cells.col] = False
itself = np.eye(len(words_5), dtype=bool)
with_itself = (cells.row == cells.col)[frequent]
above = [i for i in np.argsort(target - inner[cells.row, cells.col], kind="stable") if frequent[i]][:3]
print("이론보다 가장 큰 쌍:", ", ".join(
    f"{words_5.words[cells.row[i]]}–{words_5.words[cells.col[i]]}(이론 {target[i]:.1f}, 내적 {inner[cells.row[i], cells.col[i]]:.1f})" for i in above))
print(f"열 번 이상 나온 쌍에서 (내적 − 이론)의 평균: 자기 자신과의 쌍 {with_itself.sum()}개 {(learnt - target[frequent])[with_itself].mean():+.2f}, "
      f"나머지 {(learnt - target[frequent])[~with_itself].mean():+.2f}")
print(f"내적의 평균: 나온 쌍 {inner[cells.row, cells.col].mean():+.2f}. 한 번도 나오지 않은 쌍은 다른 낱말과 {inner[never_met & ~itself].mean():+.2f}, "
      f"자기 자신과 {inner[never_met & itself].mean():+.2f} (낱말 {(never_met & itself).sum():,}개)")

# %%
fig, axis = plt.subplots(figsize=(5.6, 5))
rare = np.random.default_rng(0).choice(np.flatnonzero(~frequent), min(3000, (~frequent).sum()), replace=False)
axis.plot(target[rare], inner[cells.row[rare], cells.col[rare]], ".", markersize=2, alpha=0.35, color="#56B4E9", label="열 번 미만 나온 쌍(일부)")
axis.plot(target[frequent], inner[cells.row[frequent], cells.col[frequent]], ".", markersize=4, alpha=0.6, color="#D55E00", label="열 번 이상 나온 쌍")
ends = np.array([target[frequent].min() - 1, target[frequent].max() + 0.5])
axis.plot(ends, ends, color="black", linewidth=1, label="이론: 내적 = PMI − log k")
axis.set(xlabel="평활한 PMI − log k", ylabel="스킵그램의 내적 u·v", title="배운 내적과 이론의 값")
axis.legend(loc="upper left")
show(fig, alt=f"평활한 PMI에서 log k를 뺀 값과 스킵그램의 내적의 산점도. 열 번 이상 나온 쌍 {frequent.sum():,}개는 대각선을 따라 놓이고(상관계수 {r:.2f}, 기울기 {slope:.2f}), "
              "드문 쌍은 더 넓게 퍼져 있다.")

# %% [markdown]
# 말뭉치를 읽으며 벡터를 조금씩 고쳤을 뿐인데, 내적이 02강의 표에 있던 수로 모입니다. 그것도 **평활한** PMI에 더 잘 맞습니다(차이의 구간이 0보다 위에 있습니다). 가짜를 횟수의 0.75제곱에서 뽑았기 때문입니다. 한 번도
# 나오지 않은 쌍은 이론으로는 −∞이지만, 차원과 걸음의 수가 한정되어 있으므로 큰 음수에 머뭅니다. PPMI에서는 우연보다 덜 만난 쌍과 똑같이 0이던 "만나지 않았다"는 정보를 스킵그램은 이렇게 씁니다.
#
# 대조군의 상관이 0이 아니라 음수인 까닭은 이렇습니다. 드문 문맥은 아무 중심과 짝지어도 내적이 크게 음수입니다. 그런데 열 번 이상 나온 쌍만 고르면, 드문 문맥일수록 q(c)가 작아 이론의 값이 큽니다.
#
# 위로 튀어나온 점에는 `꿀–꿀`(돼지), `몽골–몽골`처럼 낱말이 **자기 자신**과 만난 쌍이 있습니다. 이런 쌍의 내적은 평균으로도 이론보다 큽니다. 그뿐만이 아닙니다. 자기 자신과 한 번도 만나지 않은 낱말도 자기 자신과의
# 내적이 큰 **양수**입니다(출력의 마지막 줄).
# 벡터를 두 개 두었는데도 그렇습니다. 한 낱말의 $v_w$와 $u_w$는 같은 이웃들에게서 배우므로 서로 비슷해지는데, 자기 자신이 마침 가짜로 뽑혀 이것을 바로잡을 기회는 드물기 때문으로 보입니다. 이론은 쌍을 하나씩
# 따로 보았지만, **차원이 모자란 벡터**에서는 쌍들이 서로 얽혀 있습니다.
#
# *왜 틀릴 수 있을까요?* 이론은 내적을 쌍마다 **마음대로** 고를 수 있다고 했습니다. d가 V보다 작으면 그럴 수 없고, 적게 읽으면 아직 닿지 못합니다. 얼마나 중요한지 봅시다.

# %%
grid = [(10, epochs), (30, epochs), (100, 5), (100, epochs // 2), (100, epochs)]
seeds = by_profile(smoke=[0], laptop=[0, 1], gpu=[0, 1, 2])


def correlations(training):
    """(열 번 이상 나온 쌍의 r, 모든 나온 쌍의 r)"""
    dimensions, passes, seed = training
    found = inner if training == (100, epochs, 0) else factorised(dimensions, passes, seed)
    return correlation(found, target, frequent), correlation(found, target, np.full(len(target), True))


trainings = [(*setting, seed) for setting in grid for seed in seeds]
measured = dict(zip(trainings, parallel_map(correlations, trainings)))                               # 코어마다 하나씩
rows = []
for dimensions, passes in grid:
    values, of_all = zip(*(measured[dimensions, passes, seed] for seed in seeds))
    rows.append({"차원": dimensions, "읽은 횟수": passes, "r (열 번 이상 나온 쌍)": f"{np.mean(values):.3f} ({min(values):.3f}~{max(values):.3f})",
                 "r (모든 나온 쌍)": round(np.mean(of_all), 3)})
print("괄호 안은 시드에 따른 가장 작은 값과 큰 값입니다.")
pd.DataFrame(rows)

# %% [markdown]
# 차원이 적거나 적게 읽으면 상관이 크게 떨어집니다. "스킵그램은 PMI의 분해다"는 **극한에서의 이야기**입니다. 실제로 쓰는 벡터는 도중에 멈춘, 차원이 모자란 분해입니다. 그리고 그것이 나쁜 것만은
# 아니었습니다(02강 6절: 알맞게 버리는 일). 또 SVD는 모든 칸의 오차를 똑같이 세지만 스킵그램은 자주 나오는 쌍을 더 무겁게 셉니다. 그래서 둘의 벡터가 같지는 않습니다.

# %% [markdown]
# ## 8. CBOW와 조절값: 무엇이 벡터를 바꾸는가
#
# **CBOW**(continuous bag of words)는 거꾸로 묻습니다. 둘레의 낱말 벡터를 **평균**해서 가운데 낱말을 맞힙니다.
#
# $$h = \frac{1}{m}\sum_{j=1}^{m} v_{c_j}, \qquad \ell = -\log\sigma(u_w \cdot h) - \sum_{i=1}^{k}\log\sigma(-u_{n_i} \cdot h)$$
#
# 순서를 버리고 한 주머니(bag)에 담는다고 해서 붙은 이름입니다. 가운데 한 번마다 예측도 한
# 번이므로 빠르고, 스킵그램은 이웃마다 따로 예측하므로 느리지만 같은 말뭉치에서 벡터를 더 여러 번 고칩니다.
#
# 이제 조사와 어미까지 든 온전한 말뭉치로 배우고, 02강의 시험(범주 일치율과 유추)으로 잽니다. 차이는 모두 **같은 낱말에서 잰 차이의 구간**으로 봅니다. 난수에 따라
# 벡터가 달라지므로 시드도 함께 다시 뽑습니다. 유추는 앞쪽 낱말 쌍(`한국 : 서울`)이 같은 문제가 함께 맞고 함께 틀리므로, 문제 하나씩이 아니라 **앞쪽 쌍이 같은 묶음째** 다시 뽑습니다.
#
# > **예측해 보세요.** 이 작은 말뭉치에서 같은 횟수만큼 읽으면 어느 쪽의 범주 일치율이 높을까요?

# %%
predict("03-cbow", choices=["스킵그램", "CBOW", "차이가 있다고 말할 수 없다"], mine=None)

# %%
analogies = pd.read_csv(datasets.fetch("encyclopedia").parent / "analogies.tsv", sep="\t")


def measure(matrix, vocabulary):
    """낱말마다의 범주 일치율과 문제마다의 유추(1: 맞음, 0: 틀림)"""
    near = evaluation.category_precision(matrix, vocabulary, categories, n=5)
    return near.each, evaluation.analogy_accuracy(matrix, vocabulary, analogies).each.astype(float)


USUAL = {"window": WINDOW, "epochs": by_profile(smoke=5, laptop=10, gpu=10), "min_count": 3, "workers": 1}
SEEDS = by_profile(smoke=[0], laptop=[0, 1, 2], gpu=[0, 1, 2, 3, 4])
start = time.perf_counter()
usual = [SkipGram(**USUAL, seed=seed).fit(sentences) for seed in SEEDS]
skipgram_seconds = (time.perf_counter() - start) / len(SEEDS)
baseline = [measure(model.vectors_, model.vocabulary_) for model in usual]
chance = evaluation.category_precision(usual[0].vectors_, usual[0].vocabulary_, categories, n=5).chance
bundles = (np.arange(len(baseline[0][0])), evaluation.analogy_accuracy(usual[0].vectors_, usual[0].vocabulary_, analogies).pair)  # 함께 뽑을 것의 번호
table = []


def difference(measured, before, number):
    """시드의 평균끼리의 차이와 95% 구간. 낱말(유추는 앞쪽 쌍이 같은 문제의 묶음)과 시드를 함께 다시 뽑습니다."""
    sums = [np.array([np.bincount(bundles[number], m[number]) for m in group]).T for group in (measured, before)]        # 둘 다 (묶음, 시드)
    sizes = np.bincount(bundles[number])
    seed_rng = np.random.default_rng(0)

    def drawn_gap(new, old, size):
        new, old = (group[:, seed_rng.integers(group.shape[1], size=group.shape[1])].mean(axis=1).sum() for group in (new, old))
        return (new - old) / size.sum()

    new, old = (group.mean(axis=1).sum() for group in sums)
    return (new - old) / sizes.sum(), *evaluation.bootstrap_interval(drawn_gap, *sums, sizes)


def add_row(name, measured):
    """시드의 평균과, 기준(스킵그램)과의 차이의 95% 구간을 표에 더합니다."""
    row = {"모델": name}
    for column, number in (("범주 일치율", 0), ("유추", 1)):
        each_seed = [m[number].mean() for m in measured]
        row[column] = f"{np.mean(each_seed):.3f} ± {np.std(each_seed):.3f}" if len(measured) > 1 else f"{each_seed[0]:.3f}"
        row[f"{column}: 차이 [95% 구간]"] = "" if measured is baseline else "{:+.3f} [{:+.3f}, {:+.3f}]".format(*difference(measured, baseline, number))
    table.append(row)


add_row(f"스킵그램 (기준: 100차원, k = 5, t = 1e-3, {USUAL['epochs']}번 읽기)", baseline)
cbow = [SkipGram(**USUAL, method="cbow", seed=seed).fit(sentences) for seed in SEEDS]
cbow_measured = [measure(model.vectors_, model.vocabulary_) for model in cbow]
add_row("CBOW", cbow_measured)
changes = {"CBOW, 학습률 0.1": {"method": "cbow", "learning_rate": 0.1}, "부표집 없이": {"subsample": 0}, "k = 15": {"negatives": 15},
           f"{3 * USUAL['epochs']}번 읽기": {"epochs": 3 * USUAL["epochs"]}}
trainings = [(change, seed) for change in changes.values() for seed in SEEDS[:2]]
changed = iter(parallel_map(lambda training: SkipGram(**USUAL | training[0], seed=training[1]).fit(sentences), trainings))  # 코어마다 하나씩
for name in changes:
    longest = [measure(model.vectors_, model.vocabulary_) for model in islice(changed, len(SEEDS[:2]))]  # 마지막에는 가장 오래 읽은 것이 남습니다
    add_row(name, longest)
add_row("낱말 + 문맥 벡터", [measure(m.vectors_ + m.context_vectors_, m.vocabulary_) for m in usual])
full_counts, full_vocabulary = cooccurrence.count_cooccurrences(sentences, window=WINDOW, min_count=3)
U, S, _ = svd.truncated_svd(pmi.ppmi(full_counts, smoothing=0.75), k=100)
by_counting = [measure(svd.word_vectors(U, S), full_vocabulary)]
add_row("PPMI + SVD 100차원 (02강)", by_counting)
mixed = evaluation.shuffled_corpus(sentences)
add_row("스킵그램, 뒤섞은 말뭉치 (대조군)", [measure(m.vectors_, m.vocabulary_) for m in (SkipGram(**USUAL, seed=seed).fit(mixed) for seed in SEEDS[:1])])
_, low, high = difference(cbow_measured, baseline, 0)
compare("03-cbow", 1 if high < 0 else 2 if low > 0 else 3)
print(f"시드 {len(SEEDS)}개(조절값을 바꾼 줄은 {len(SEEDS[:2])}개)의 평균 ± 시드 사이의 표준편차. "
      f"낱말 {len(baseline[0][0])}개, 유추 {len(baseline[0][1])}문제({len(analogies)}문제 가운데 네 낱말이 모두 어휘에 있는 것).")
print(f"범주 일치율의 우연 수준 {chance:.3f}. "
      f"한 번 배우는 데 걸린 시간: 스킵그램 {np.mean([m.seconds_ for m in usual]):.2f}초, CBOW {np.mean([m.seconds_ for m in cbow]):.2f}초")
print(f"{name} − (PPMI + SVD): " + ", ".join(
    "{} {:+.3f} [{:+.3f}, {:+.3f}]".format(test, *difference(longest, by_counting, number)) for number, test in enumerate(("범주 일치율", "유추"))))
pd.DataFrame(table)

# %% [markdown]
# *왜 틀릴 수 있을까요?* 표를 읽을 때 조심할 것이 있습니다.
#
# - **CBOW가 못한 것일까요, 덜 배운 것일까요?** 학습률만 바꾼 CBOW의 줄을 보세요. CBOW는 같은 말뭉치에서 고치는 횟수가 스킵그램의 몇 분의 1이므로, 같은 학습률과 같은 횟수로 비교하면 불리합니다.
#   CBOW의 기울기를 평균에 맞게 나누느냐도 구현마다 다릅니다(İrsoy 외, 2021). 한 벌의 조절값으로 두 방법의 우열을 말할 수 없습니다.
# - **시험마다 답이 다릅니다.** 부표집을 하지 않으면 유추는 크게 떨어지지만 범주 일치율은 떨어지지 않습니다. 창의 대부분을 조사와 어미가 차지하는 것이 유추에만 해로운 것으로 보입니다. 가짜를 15개로 늘리면 유추는
#   오르지만 범주 일치율은 오르지 않습니다. 세 배 오래 읽으면 유추는 크게 오르고 범주 일치율은 내려갑니다. 조절값은 **무엇에 쓸 벡터인지**를 정한 다음에 고릅니다.
# - **세는 방법과의 비교.** PPMI + SVD는 기준의 스킵그램보다 두 시험 모두에서 낫습니다. 그런데 세 배 오래 읽은 스킵그램과 비교하면(표 위에 적은 차이) 유추의 순서가 뒤집힙니다. "어느 방법이 낫다"는 말에는 조절값이 따라붙어야
#   합니다.
# - **대조군.** 뒤섞은 말뭉치에서는 범주 일치율이 위에 적은 우연 수준이어야 합니다. 그렇지 않다면 시험이 문맥이 아닌 것을 재고 있는 것입니다.
# - **구간이 열 개가 넘습니다.** 아무 차이가 없어도 95% 구간은 스무 번에 한 번꼴로 0을 벗어납니다. 0에 닿을 듯 말 듯 한 차이를 순위로 읽지 마세요. 시드가 두세 개뿐인 줄은 더욱 그렇습니다.

# %% [markdown]
# 배운 벡터를 눈으로도 봅시다. 100차원을 02강의 방법(가장 넓게 퍼진 두 방향)으로 비춘 것입니다.

# %%
groups = {"animals": "동물", "fruits": "과일", "jobs": "직업", "countries": "나라"}
chosen = [(word, kind) for kind in groups for word in categories.word[categories.category == kind] if word in usual[0].vocabulary_]
chosen = [pair for kind in groups for pair in [p for p in chosen if p[1] == kind][:9]]
directions = similarity.unit_rows(usual[0].vectors_[[usual[0].vocabulary_.index[word] for word, _ in chosen]])
directions = directions - directions.mean(axis=0)
U2, S2, _ = np.linalg.svd(directions, full_matrices=False)
points, seen = U2[:, :2] * S2[:2], (S2[:2] ** 2).sum() / (S2**2).sum()

kinds = np.array([kind for _, kind in chosen])
for name, rows in ("그림(2차원)", points), ("100차원", directions):
    middles = np.array([rows[kinds == kind].mean(axis=0) for kind in groups])
    nearest_group = np.array(list(groups))[np.linalg.norm(rows[:, None] - middles, axis=2).argmin(axis=1)]
    strays = [word for (word, kind), found in zip(chosen, nearest_group) if found != kind]
    print(f"{name}: 자기 범주의 평균에 가장 가까운 낱말 {len(chosen) - len(strays)}/{len(chosen)}, 아닌 것: {' '.join(strays) or '없음'}")

fig, axis = plt.subplots(figsize=(7.5, 5.2))
for (kind, name), marker in zip(groups.items(), "o^sD"):
    rows = [i for i, (_, of) in enumerate(chosen) if of == kind]
    axis.plot(*points[rows].T, marker, label=name)
axis.margins(0.12)
label_points(axis, points, [word for word, _ in chosen], fontsize=8)
axis.legend(loc="upper left")
axis.set_title("스킵그램 벡터를 두 방향으로 비춘 그림")
show(fig, alt=f"네 범주의 낱말 {len(chosen)}개를 평면에 찍은 그림. 동물, 과일, 직업, 나라가 저마다 모여 있고, 동물 가운데 개와 말은 조금 떨어져 있다. 두 방향에 남은 분산은 {seen:.0%}이다.")

# %% [markdown]
# 같은 범주가 모여 있습니다. 위에 적은 수를 보면 그림에서만이 아니라 100차원에서도 그렇습니다. 무리의 가장자리로 떨어진 `말`, `개`, `사과`는 다른 뜻(언어, 세는 단위, 사죄)으로도 쓰이는 낱말입니다. 낱말 하나에 벡터가 하나뿐이라 여러 뜻의 문맥이
# 섞였기 때문으로 보입니다
# (07강에서 다룹니다). 그러나 두 방향에 남은 분산(그림 설명)의 나머지는 보이지 않습니다. 이런 그림을 얼마나 믿을 수 있는지는 05강에서 다룹니다.

# %% [markdown]
# ## 9. gensim과 비교하기, 그리고 실제 리뷰
#
# 널리 쓰이는 구현(프로그램)은 gensim의 `Word2Vec`입니다. 우리 것이 옳다면 같은 설정에서 **구별할 수 없는** 결과가 나와야 합니다. 두 구현은 난수를 다르게 뽑으므로
# 벡터의 성분이 하나하나 같을 수는 없습니다. 그래서 평가 점수의 차이와 그 구간을 봅니다.

# %%
from gensim.models import Word2Vec


def gensim_model(corpus, seed, epochs, **options):
    model = Word2Vec(corpus, sg=1, vector_size=100, window=WINDOW, negative=5, sample=1e-3, epochs=epochs,
                     seed=seed + 1, workers=1, **options)
    return from_keyed_vectors(model.wv)


start = time.perf_counter()
theirs = [gensim_model(sentences, seed, USUAL["epochs"], min_count=3) for seed in SEEDS]
gensim_seconds = (time.perf_counter() - start) / len(SEEDS)
theirs_measured = [measure(*result) for result in theirs]
for column, number in (("범주 일치율", 0), ("유추", 1)):
    ours_mean, theirs_mean = (np.mean([m[number] for m in group]) for group in (baseline, theirs_measured))
    print(f"{column}: 우리 {ours_mean:.3f}, gensim {theirs_mean:.3f}, "
          + "차이 {:+.3f}, 95% 구간 [{:+.3f}, {:+.3f}]".format(*difference(baseline, theirs_measured, number)))
listed = [word for word in categories.word if word in usual[0].vocabulary_]


def listed_cosines(matrix, vocabulary):
    rows = similarity.unit_rows(matrix[[vocabulary.index[word] for word in listed]])
    return (rows @ rows.T)[np.triu_indices(len(listed), 1)]


more_of_theirs = theirs if len(theirs) > 1 else [*theirs, gensim_model(sentences, 1, USUAL["epochs"], min_count=3)]
of_theirs = [listed_cosines(*result) for result in more_of_theirs]
of_ours = [listed_cosines(model.vectors_, model.vocabulary_) for model in usual]
across = [evaluation.spearman(a, b) for a in of_ours for b in of_theirs]
within = [evaluation.spearman(a, b) for a, b in combinations(of_theirs, 2)]
print(f"낱말 {len(listed)}개끼리의 코사인의 순위 상관: gensim과 우리 {np.mean(across):.3f} ({min(across):.3f}~{max(across):.3f}), "
      f"gensim과 시드만 다른 gensim {np.mean(within):.3f} ({min(within):.3f}~{max(within):.3f})")
print(f"걸린 시간(스레드 하나, 어휘를 만드는 시간까지): 우리 {skipgram_seconds:.1f}초, gensim {gensim_seconds:.1f}초")

# %% [markdown]
# gensim이 시드만 바꾼 자기 자신과 얼마나 같은지가 **기준**입니다. 우리와 gensim의 상관이 그것과 비슷하면 더 같기를 바랄 수는 없습니다. (괄호는 시드의 짝에 따른 가장 작은 값과 큰 값입니다. 작은 말뭉치에서 한 번 잰
# 시간으로 빠르기를 말하지는 마세요. 그것은 이 절의 끝에서 따로 잰 표를 봅니다.) 점수의 차이에는 낱말을 다시 뽑은 것뿐 아니라
# **시드도 다시 뽑은** 구간을 붙였습니다. 시드만 바꾸어도 점수가 흔들리므로(8절의 ± 값), 낱말만 다시 뽑은 구간은 너무 좁습니다. 그래도 시드가 몇 개뿐이니 구간의 끝이 0에 닿을 듯 말 듯 하면 "다르다"고도
# "같다"고도 말하지 마세요.
#
# ### PyTorch로 쓰면
# 같은 모델을 PyTorch로 쓰면 짧고 읽기 쉽습니다(`lab_utils/skipgram.py`의 `_TorchTraining`). 쌍을 수천 개씩 묶어(batch) 내적과 손실을 계산하고 `backward()`를 부르면 끝입니다. 한 묶음에서 쓴 행만 기울기를
# 받도록
# 희소 기울기(sparse gradient)를 씁니다. 안 쓰면 묶음마다 V×d 행렬 전체를 고쳐야 합니다.

# %%
sample = sentences[: by_profile(smoke=300, laptop=2000, gpu=7000)]
speeds = {}
for backend, rate in (("numba", 0.025), ("torch", 0.1)):
    model = SkipGram(backend=backend, learning_rate=rate, epochs=1, min_count=3, workers=1, window=WINDOW).fit(sample)
    speeds[backend] = model.vocabulary_.counts.sum() / model.seconds_
print(", ".join(f"{name}: 초당 {value / 1000:,.0f}천 낱말" for name, value in speeds.items())
      + f" → numba가 {speeds['numba'] / speeds['torch']:.0f}배 (이 컴퓨터, 문장 {len(sample):,}개)")

# %% [markdown]
# CPU에서 PyTorch가 느린 것은 내적보다 **준비**에 시간이 더 들기 때문으로 보입니다. 쌍마다 벡터를 꺼내 모으고, 기울기를 제자리에 돌려놓고, 희소 기울기에서 같은 행을 찾아 합쳐야 합니다. 한꺼번에 수만 쌍을 처리하는
# GPU에서는 사정이 다를 수 있습니다. GPU가 있다면 이 셀을 다시 실행해 재어 보세요.
#
# ### 실제 리뷰에서
# 영화 리뷰 71만 건에서 사람의 판단(WS353-ko, 02강 8절)과 비교합니다. 자료가 있으면 리뷰의 **일부**로 지금 배우고, 전체를 배운 결과는 미리 재어 둔 표를
# 읽습니다.

# %%
if datasets.available("nsmc-stars") and datasets.available("ws353-ko"):
    reviews = list(islice(movie_reviews.tokens(limit=by_profile(smoke=20_000, laptop=None, gpu=None)),
                          by_profile(smoke=5_000, laptop=30_000, gpu=200_000)))
    ws353 = datasets.load("ws353-ko")
    start = time.perf_counter()
    review_model = SkipGram(epochs=3, workers=1).fit(reviews)
    ours_seconds = time.perf_counter() - start
    start = time.perf_counter()
    gensim_vectors, gensim_vocabulary = gensim_model(reviews, 0, 3, min_count=5)
    print(f"리뷰 {len(reviews):,}건, 낱말 {sum(map(len, reviews)):,}자리, 3번: 우리 {ours_seconds:.1f}초, gensim {time.perf_counter() - start:.1f}초")
    common = [review_model.vocabulary_.words.index(word) for word in gensim_vocabulary.words]          # gensim의 순서로
    gain, low, high = evaluation.similarity_gain(review_model.vectors_[common], gensim_vectors, gensim_vocabulary, ws353)
    print("우리:  ", evaluation.word_similarity(review_model.vectors_, review_model.vocabulary_, ws353))
    print("gensim:", evaluation.word_similarity(gensim_vectors, gensim_vocabulary, ws353))
    print(f"ρ의 차이(우리 − gensim) {gain:+.3f}, 95% 구간 [{low:+.3f}, {high:+.3f}]")
    agreement = evaluation.word_similarity(review_model.vectors_, review_model.vocabulary_, ws353)
    print("이 조각으로는 ρ가 0과 다르다고 말할 수 없습니다: 자료가 모자랍니다." if agreement.low < 0 < agreement.high else "이 조각만으로도 ρ는 0보다 큽니다.")
    for word in ("배우", "눈물", "송강호"):
        if word in review_model.vocabulary_:
            print(f"{word}의 이웃:", " ".join(n for n, _ in similarity.nearest(review_model.vectors_, review_model.vocabulary_, word, n=6)))
else:
    print("자료가 없어 건너뜁니다. LAB_DATA_DIR에 자료 폴더를 적으면 이 셀이 실제 리뷰에서 배웁니다.")

# %% [markdown]
# > **예측해 보세요.** 전체 리뷰(1,400만 자리)에서 5번 대신 15번 읽고 부표집을 $10^{-4}$로 세게 하면 사람과의 순위 상관은?

# %%
predict("03-epochs", choices=["오른다", "그대로다(차이가 있다고 말할 수 없다)", "떨어진다(외워 버린다)"], mine=None)

# %%
results = datasets.data_folder() / "results"
ws353_table = pd.read_csv(results / "lesson03_ws353.csv")
command = ws353_table["command"].iloc[0]
print("미리 재어 둔 값입니다. 다시 재려면:", command)
if "--texts" in command:
    print(f"주의: 전체가 아니라 리뷰 {int(command.split('--texts')[1].split()[0]):,}건으로 잰 값입니다. 아래에 적은 02강의 값(전체 리뷰)과 나란히 비교하지 마세요.")
longer = ws353_table[ws353_table["설정"] == "우리, 15번, t = 1e-4"].iloc[0]
compare("03-epochs", 1 if longer["차이 아래"] > 0 else 3 if longer["차이 위"] < 0 else 2)
ws353_table[["설정", "시드 수", "rho", "아래", "위", "시드 사이", "기준", "차이", "차이 아래", "차이 위", "쌍", "전체"]].fillna({"기준": ""}).round(3)

# %%
fig, axis = plt.subplots(figsize=(7, 0.5 * len(ws353_table) + 1.2))
places = np.arange(len(ws353_table))[::-1]
axis.errorbar(ws353_table.rho, places, xerr=[ws353_table.rho - ws353_table["아래"], ws353_table["위"] - ws353_table.rho], fmt="o", capsize=3)
axis.set_yticks(places, ws353_table["설정"])
axis.set(xlabel="사람의 판단과의 순위 상관 ρ (막대: 95% 구간)", ylim=(-0.5, len(ws353_table) - 0.5))
described = "; ".join(f"{row['설정']}: {row['rho']:.2f}" for _, row in ws353_table.iterrows())
show(fig, alt=f"설정마다 사람의 판단과의 순위 상관과 95% 구간을 나타낸 점 그림. {described}.")
for _, row in ws353_table.dropna(subset=["기준"]).iterrows():
    verdict = "차이가 있습니다" if row["차이 아래"] > 0 or row["차이 위"] < 0 else "차이가 있다고 말할 수 없습니다"
    print(f"({row['설정']}) − ({row['기준']}): {row['차이']:+.3f} [{row['차이 아래']:+.3f}, {row['차이 위']:+.3f}] → {verdict}")
counted = pd.read_csv(results / "lesson02_ws353.csv").set_index("모델").loc["PPMI, α = 0.75"]
print(f"참고, 02강의 PPMI(α = 0.75): ρ = {counted['rho']:.2f} [{counted['아래']:.2f}, {counted['위']:.2f}] ({counted['쌍']}쌍; 어휘가 2만 개라 쌍이 조금 다릅니다)")

# %% [markdown]
# 같은 설정의 우리와 gensim을 이 자료로 가를 수 있는지, 오래 읽으면 나아지는지를 위의 마지막 줄들이 말해 줍니다. 같은 말뭉치로 잰 값이라면 맨 아래에 적은 02강의 PPMI와도
# 비교해 보세요. **세는 방법**이 뒤지는지 앞서는지도 재어 보아야 압니다. "신경망이니 더 좋다"고 미리 말할 수는 없습니다.
#
# *왜 틀릴 수 있을까요?*
# - 15번과 t = 1e-4를 **함께** 바꾼 줄만 보면 무엇의 덕인지 가를 수 없습니다. 그래서 하나씩만 바꾼 줄도 두었습니다. 따로 비교해 보세요.
# - 쌍이 몇백 개뿐이어서 구간이 넓습니다(`쌍` 열). 이 구간은 쌍만 다시 뽑은 것이고, 시드의 흔들림은 `시드 사이`(표준편차)에 있습니다. 차이가 없다는 것은 "같다"가 아니라 "이 자료로는 가를 수 없다"는 뜻입니다.
# - 여러 스레드(thread)가 한 행렬을 잠그지(lock) 않고 함께 고치면(Hogwild) 실행할 때마다 결과가 조금씩 다릅니다. 시드를 고정해도 그렇습니다. 똑같이 되풀이하려면 `workers=1`로 씁니다.
#
# 얼마나 빠른지도 미리 재어 두었습니다. 같은 파일, 같은 설정으로 번갈아 잰 것입니다.

# %%
speed_file = results / "skipgram_benchmark.csv"
if speed_file.exists():
    speed = pd.read_csv(speed_file)
    print("잰 명령:", speed["command"].iloc[0], "·", speed["device"].iloc[0])
    speed_shown = speed.assign(words_per_s_median=speed["words_per_s_median"].round(-3).astype(int))[
        ["method", "texts", "words_per_s_median", "compared_with", "ratio_to_gensim", "ratio_low", "ratio_high"]].round(2)
else:
    speed_shown = pd.DataFrame({"알림": ["아직 재지 않았습니다: python benchmarks/skipgram.py"]})
speed_shown

# %% [markdown]
# ## 10. 퀴즈

# %%
quiz("03-q-two", "낱말마다 벡터를 두 개 두는 까닭으로 가장 알맞은 것은?", choices=[
    "동음이의어의 두 뜻을 나누어 담으려고", "자기 자신을 이웃으로 예측하는 쪽으로 기울지 않게 하려고", "뒤에 둘을 더해 차원을 두 배로 늘리려고",
], answer=2, why="한 벡터라면 자기 자신과의 내적(길이의 제곱)이 늘 0 이상이어서, 낱말이 자기 곁에 또 온다고 예측하기 쉽습니다.")

# %%
quiz("03-q-gradient", "정답 문맥의 예측 확률이 0.9입니다. 소프트맥스 손실에서 그 문맥 벡터의 기울기에 곱해지는 수(예측 − 정답)는?", digits=1, answer=-0.1,
     why="0.9 − 1 = −0.1. 거의 맞혔으므로 조금만 움직입니다.")

# %%
quiz("03-q-cost", "어휘가 2배가 되면 음성 표집(k = 5) 한 걸음의 계산량은?", choices=["그대로", "절반", "2배"], answer=1,
     why="고치는 문맥 벡터는 어휘의 크기와 상관없이 k + 1개입니다.")

# %%
quiz("03-q-shift", "#(w,c) = 20, #(w) = 100, q(c) = 0.02, k = 5입니다. 음성 표집의 손실을 가장 작게 하는 내적은?", digits=2, answer=0.69,
     why="가짜의 기댓값은 5 × 100 × 0.02 = 10번. log(20 / 10) ≈ 0.69입니다.")

# %%
quiz("03-q-question", "시그모이드가 답하는 물음은?", choices=["모든 후보 가운데 어느 것이 가장 올 만한가", "두 낱말의 뜻이 같은가", "이 쌍 하나가 진짜인가, 가짜인가"],
     answer=3, why="쌍마다 따로 답하므로 확률의 합이 1일 까닭이 없습니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 스킵그램은 중심 낱말로 문맥을 예측합니다. 확률은 내적의 소프트맥스, 손실은 정답 확률의 음의 로그, 기울기는 **예측 − 정답**입니다.
# - 손으로 구한 기울기는 자동 미분과 유한 차분으로 확인합니다. 손실의 출발점(log V)과 바닥(조건부 엔트로피)을 알면 곡선을 읽을 수 있습니다.
# - 어휘 전체의 합은 V에 비례해 비쌉니다. 음성 표집은 "진짜인가 가짜인가"를 물어 k + 1개만 고칩니다. 소프트맥스와는 다른 물음입니다.
# - 음성 표집의 내적은 평활한 PMI − log k로 모입니다. 차원이 넉넉하고 충분히 읽었을 때의 이야기입니다.
# - 우리 구현과 gensim의 결과는 구간 안에서 비교합니다. 조절값(읽은 횟수, 부표집, 학습률)이 방법의 이름만큼 중요합니다.
#
# ## 더 나아가
# - Mikolov, Chen, Corrado & Dean(2013)과 Mikolov, Sutskever, Chen, Corrado & Dean(2013): Word2Vec의 두 논문. 뒤의 것이 음성 표집과 부표집을 다룹니다.
# - Goldberg & Levy(2014), *word2vec Explained*: 음성 표집의 식을 한 줄씩 유도합니다.
# - Levy & Goldberg(2014): 7절의 정리. Levy, Goldberg & Dagan(2015): 조절값을 맞추면 방법의 차이가 줄어듦을 보입니다.
# - Ji, Satish, Li & Dubey(2016): 가짜를 이웃끼리 함께 써서 빠르게 하는 방법. Recht 외(2011): 잠금(lock) 없는 병렬 학습(Hogwild).
# - İrsoy, Benton & Stratos(2021): CBOW의 기울기를 바르게 나누면 스킵그램에 뒤지지 않음을 보입니다.
#
# 다음: [04 GloVe](04_glove.ipynb)
