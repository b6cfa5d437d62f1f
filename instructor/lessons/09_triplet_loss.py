# %% [markdown]
# # 09 · 삼중항 손실과 미세 조정: 무엇이 비슷한지 가르치기
#
# > *English summary. What counts as similar depends on the task, and it can be taught. We derive the triplet loss and its gradient, count easy,
# > semi-hard and hard triplets while a network learns, and measure what happens when it sees only the easiest or the hardest ones. Batch mining
# > from scratch equals sentence-transformers; a Korean encoder is fine-tuned on patents and judged on unseen queries, with intervals and with what it forgets.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 삼중항 손실(triplet loss)과 그 기울기를 정의에서 구하고, 언제 0이 되는지 그림으로 설명합니다.
# - 쉬운(easy), 세미하드(semi-hard), 어려운(hard) 삼중항을 세고, 무엇을 골라 배우는지에 따라 결과가 어떻게 달라지는지 여러 시드로 잽니다.
# - 묶음(batch) 안에서 삼중항을 고르는 일을 직접 구현해 라이브러리와 맞추고, 정의가 다른 곳을 찾아냅니다.
# - `SentenceTransformerTrainer`로 모델을 미세 조정(fine-tuning)하고, 학습에 쓰지 않은 질의와 문헌에서 나아졌는지를 차이의 구간으로 판단합니다.
# - 손실의 종류, 학습 쌍의 수, 미세 조정이 잊게 하는 것을 재고, 자기 자료에 쓸 모델을 기준을 세워 고릅니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 120분쯤 걸립니다.
#
# **앞선 내용.** [07 문맥 임베딩](07_contextual_embeddings.ipynb)의 BERT, [08 Sentence-BERT](08_sentence_bert.ipynb)의 문장 임베딩과 nDCG, [03 Word2Vec](03_word2vec.ipynb)의 기울기와 자동 미분, [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 짝지은 차이.

# %% tags=["imports"]
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from lab_utils import by_profile, check, compare, datasets, evaluation, predict, quiz, show, summary

# %% [markdown]
# ## 1. 삼중항 손실: 정의와 그림
#
# 문장 모델은 저마다 다른 자료로 학습했으므로, 무엇을 "비슷하다"고 보는지가 다릅니다. 특허를 찾는 사람에게는 말투나 길이가 아니라 **같은 기술**인지가 중요합니다. 그 기준을 모델에게
# 가르치는 방법 가운데 하나가 삼중항 손실입니다. 글 세 편을 한 벌로 씁니다.
#
# - **기준**(anchor) $a$
# - **긍정**(positive) $p$: $a$와 같은 내용을 다루는 글
# - **부정**(negative) $n$: $a$와 다른 내용을 다루는 글
#
# $$\ell(a, p, n) = \max\big(0,\; d(a, p) - d(a, n) + m\big)$$
#
# $d$는 두 글의 임베딩 사이의 거리, $m > 0$은 **마진**(margin)입니다. 부정이 긍정보다 $m$ 이상 멀면 손실이 0이고, 그렇지 않으면 모자란 만큼이 손실입니다. 여기의 그림에서는
# FaceNet(Schroff 외, 2015)처럼 **제곱한 유클리드 거리** $d(x, y) = \lVert x - y \rVert^2$를 씁니다.
#
# > **예측해 보세요.** 부정이 긍정보다 조금이라도 멀리 있으면 손실은 0일까요?

# %%
predict("09-zero-loss", choices=["그렇다", "아니다. 마진만큼 더 멀어야 0이다", "아니다. 0이 되는 일은 없다"], mine=None)

# %%
MARGIN = 0.6
a, p = np.array([0.0, 0.0]), np.array([0.8, 0.3])
negatives = {"어려운": np.array([-0.3, 0.5]), "세미하드": np.array([-0.75, -0.65]), "쉬운": np.array([-1.25, 0.75])}
d_ap = ((a - p) ** 2).sum()


def loss_at(d_an):
    return np.maximum(0, d_ap - d_an + MARGIN)


losses_of_three = {name: float(loss_at(((a - n) ** 2).sum())) for name, n in negatives.items()}
order_is_right = {name: ((a - n) ** 2).sum() > d_ap for name, n in negatives.items()}
compare("09-zero-loss", 2 if any(order_is_right[k] and losses_of_three[k] > 0 for k in negatives) and min(losses_of_three.values()) == 0 else 1)
print(f"d(a, p) = {d_ap:.2f}, 마진 {MARGIN}")
for name, n in negatives.items():
    print(f"{name} 부정: d(a, n) = {((a - n) ** 2).sum():.2f}, 손실 {losses_of_three[name]:.2f}")

fig, (plane, curve) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
circle = np.linspace(0, 2 * np.pi, 200)
inner, outer = np.sqrt(d_ap), np.sqrt(d_ap + MARGIN)
HARD, SEMI_HARD = "#EDB68F", "#FAE9C4"                                  # 두 구역의 색
plane.fill(outer * np.cos(circle), outer * np.sin(circle), color=SEMI_HARD, linewidth=0, label="세미하드: 순서는 맞으나 여유가 모자람")
plane.fill(inner * np.cos(circle), inner * np.sin(circle), color=HARD, linewidth=0, label="어려운: 긍정보다 가까움")
plane.plot(*a, "o", color="black", markersize=9)
plane.plot(*p, "o", color="#0072B2", markersize=9)
plane.annotate("기준 a", a, xytext=(-6, -16), textcoords="offset points")
plane.annotate("긍정 p", p, xytext=(6, 6), textcoords="offset points")
for name, n in negatives.items():
    active = losses_of_three[name] > 0
    plane.plot(*n, "s", color="#CC79A7", markersize=8)
    plane.annotate(f"{name} 부정", n, xytext={"어려운": (8, 4), "세미하드": (10, -12), "쉬운": (-18, 10)}[name], textcoords="offset points")
    if active:  # 손실이 줄어드는 방향: 부정은 기준에서 멀어집니다
        plane.annotate("", n + 0.45 * (n - a), n, arrowprops={"arrowstyle": "->", "linewidth": 2, "color": "#CC79A7"})
plane.annotate("", p - 0.4 * (p - a), p, arrowprops={"arrowstyle": "->", "linewidth": 2, "color": "#0072B2"})
plane.set(xlim=(-1.9, 1.7), ylim=(-1.5, 1.5), aspect="equal", xticks=[], yticks=[], title="화살표: 손실을 줄이려고 움직이는 방향")
plane.legend(loc="lower right", fontsize=8)
line = np.linspace(0, 2.6, 200)
curve.plot(line, loss_at(line), color="black")
curve.axvspan(0, d_ap, color=HARD, linewidth=0)
curve.axvspan(d_ap, d_ap + MARGIN, color=SEMI_HARD, linewidth=0)
for name, n in negatives.items():
    curve.plot(((a - n) ** 2).sum(), losses_of_three[name], "s", color="#CC79A7", markersize=8)
    curve.annotate(name, (((a - n) ** 2).sum(), losses_of_three[name]), xytext=(8, 8), textcoords="offset points")
curve.axvline(d_ap, color="#0072B2", linestyle="--", linewidth=1)
curve.set(xlabel="d(a, n)", ylabel="손실", title=f"d(a, p) = {d_ap:.2f}일 때의 손실", xlim=(0, 2.6))
show(fig, alt=f"왼쪽: 기준을 중심으로 한 두 원. 안쪽 원(반지름 {inner:.2f}) 안의 부정은 어려운 부정, 두 원 사이(바깥 반지름 {outer:.2f})는 세미하드, 바깥은 쉬운 부정이다. "
              f"오른쪽: 부정까지의 거리에 따른 손실. {d_ap + MARGIN:.2f}까지 직선으로 줄어들고 그 뒤로는 0이다. 세 부정의 손실은 "
              + ", ".join(f"{name} {value:.2f}" for name, value in losses_of_three.items()) + "이다.")

# %% [markdown]
# 세미하드 부정은 긍정보다 멀리 있는데도 손실이 남습니다. 마진만큼의 여유가 없기 때문입니다. 세 구역을 이렇게 부릅니다.
#
# | 종류 | 조건 | 손실 |
# |---|---|---|
# | 쉬운(easy) | $d(a, n) \ge d(a, p) + m$ | 0 |
# | 세미하드(semi-hard) | $d(a, p) < d(a, n) < d(a, p) + m$ | 0과 $m$ 사이 |
# | 어려운(hard) | $d(a, n) \le d(a, p)$ | $m$ 이상 |
#
# *왜 틀릴 수 있을까요?* "어렵다"는 것은 글의 성질이 아니라 **지금의 모델**에게 어렵다는 뜻입니다. 어려운 삼중항도 학습이 진행되면 세미하드가 되고, 나중에는 쉬워질 수 있습니다. 5절에서 셉니다.
#
# ### 대조 손실에서 온 생각
# 삼중항 손실은 **대조 손실**(contrastive loss; Hadsell 외, 2006)을 넓힌 것입니다. 대조 손실은 쌍을 하나씩 봅니다. 같은 쌍은 거리를 0까지 당기고, 다른 쌍은 정해진 거리 $m$까지 밉니다(논문의 식에 있는 계수 ½은 생략했습니다).
#
# $$\ell_{\text{대조}}(x, y) = \begin{cases} \lVert x - y \rVert^2 & \text{같은 내용} \\ \max(0,\; m - \lVert x - y \rVert)^2 & \text{다른 내용} \end{cases}$$
#
# 삼중항 손실은 **어느 쪽이 더 가까운지**만 봅니다. 평면의 점 서른 개를 두 손실로 움직여 봅시다.

# %%
import torch

from lab_utils import triplets

rng = np.random.default_rng(0)
toy_labels = np.repeat([0, 1, 2], 10)
toy_start = rng.normal(0, 0.55, (30, 2)) + np.array([[0, 0], [1.0, 0.3], [0.4, 1.0]])[toy_labels]


def moved(loss_function, steps=300, rate=0.05):
    points = torch.tensor(toy_start, requires_grad=True)
    optimiser = torch.optim.Adam([points], lr=rate)
    for _ in range(steps):
        optimiser.zero_grad()
        loss_function(points).backward()
        optimiser.step()
    return points.detach().numpy()


def contrastive(points, margin=1.5):
    positive, negative = triplets.pairs(torch.tensor(toy_labels))
    euclidean = triplets.distances(points, "euclidean")
    return (euclidean[positive] ** 2).mean() + (margin - euclidean[negative]).clamp(min=0).pow(2).mean()


def triplet(points, margin=1.5):
    return triplets.batch_all_loss(triplets.distances(points, "squared"), torch.tensor(toy_labels), margin)


pictures = {"처음": toy_start, "대조 손실": moved(contrastive), "삼중항 손실": moved(triplet)}
fig, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained", sharex=True, sharey=True)
described = []
for axis, (name, points) in zip(axes, pictures.items()):
    for label, marker in zip(range(3), "o^s"):
        axis.plot(*points[toy_labels == label].T, marker, alpha=0.7)
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    same = (toy_labels[:, None] == toy_labels) & ~np.eye(30, dtype=bool)
    different = toy_labels[:, None] != toy_labels
    axis.set(title=f"{name}\n같은 무리 {apart[same].mean():.2f}, 다른 무리 {apart[different].mean():.2f}", xticks=[], yticks=[])
    described.append(f"{name}: 같은 무리끼리의 평균 거리 {apart[same].mean():.2f}, 다른 무리와는 {apart[different].mean():.2f}")
show(fig, alt="평면의 점 서른 개(세 무리)를 두 손실로 움직인 그림. " + ". ".join(described) + ".")

# %% [markdown]
# 두 손실 모두 세 무리를 갈라 놓지만, 대조 손실은 같은 무리를 한 점 가까이로 모으고, 삼중항 손실은 **순서와 여유가 갖추어지면 그대로 둡니다**(그림 위의 평균 거리를 비교해 보세요).
# 같은 분야의 특허라도 내용은 서로 다르므로, 한 점으로 모으는 것이 늘 좋지는 않습니다.
#
# ### ✏️ 연습 9-1 (2점): 삼중항 손실
# 벡터의 행렬 `anchors`, `positives`, `negatives`(모두 B×d, NumPy)와 마진을 받아 삼중항마다의 손실(길이 B)을 돌려주는 `triplet_losses`를 완성하세요. 거리는 **코사인 거리** $1 - \cos$입니다.
# 벡터의 길이는 1이 아닐 수 있습니다.
#
# <details><summary>힌트 1</summary> 먼저 세 행렬의 행을 각자의 길이로 나눕니다. 그러면 코사인은 행끼리 곱해 더한 값입니다. </details>
# <details><summary>힌트 2</summary> <code>np.maximum(0, …)</code>으로 0에서 자르고, 평균을 내지 말고 삼중항마다 하나씩 돌려주세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "09-triplet-losses", "grade": false, "solution": true, "locked": false, "task": false}
def triplet_losses(anchors, positives, negatives, margin):
    ### BEGIN SOLUTION
    unit_a, unit_p, unit_n = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (anchors, positives, negatives))
    to_positive = 1 - (unit_a * unit_p).sum(axis=1)
    to_negative = 1 - (unit_a * unit_n).sum(axis=1)
    return np.maximum(0, to_positive - to_negative + margin)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "09-triplet-losses-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("09-triplet-losses", points=2, hint="코사인 거리 1 − cos를 쓰고, d(a,p) − d(a,n) + m을 0에서 자릅니다. 결과는 삼중항마다 하나입니다."):
    right_angle = triplet_losses(np.array([[2.0, 0.0]]), np.array([[3.0, 0.0]]), np.array([[0.0, 5.0]]), 0.2)
    assert np.allclose(right_angle, [0.0]), "긍정은 같은 방향(거리 0), 부정은 직각(거리 1)이므로 손실은 0입니다."
    swapped = triplet_losses(np.array([[2.0, 0.0]]), np.array([[0.0, 5.0]]), np.array([[3.0, 0.0]]), 0.2)
    assert np.allclose(swapped, [1.2]), "거리 1 − 거리 0 + 마진 0.2입니다."

# %% [markdown]
# ## 2. 기울기: 누가 어디로 움직이며, 언제 멈추는가
#
# 제곱한 유클리드 거리에서는 기울기가 간단합니다. 거리 하나의 기울기는
#
# $$\frac{\partial}{\partial x} \lVert x - y \rVert^2 = 2(x - y)$$
#
# 입니다. 손실이 0보다 클 때 $\ell = \lVert a - p \rVert^2 - \lVert a - n \rVert^2 + m$이고, $p$는 첫 항에만 나오므로 $\partial \ell / \partial p = 2(p - a)$입니다. $n$은 둘째 항에만, $a$는 두 항에 모두 나옵니다(연습 9-2). 손실이 0이면
# **셋 다 0**입니다. 경사하강법은 기울기의 반대로 움직이므로 $p$는 $a$ 쪽으로, $n$은 $a$에서 멀어지는 쪽으로 갑니다(1절의 화살표). $a$는 $n$에서 $p$로 가는 방향으로 움직이는데, 부정마다 방향이 달라서 1절의 그림에는 그리지 않았습니다.
# 쉬운 삼중항은 아무것도 가르치지 않습니다.
#
# ### ✏️ 연습 9-2 (3점): 세 벡터의 기울기
# 벡터 `a`, `p`, `n`(길이 d)과 마진을 받아 기울기 셋을 `(∂a, ∂p, ∂n)`의 순서로 돌려주는 `triplet_gradients`를 완성하세요. 거리는 제곱한 유클리드 거리입니다. 손실이 0이면 모두 0입니다.
#
# <details><summary>힌트 1</summary> 먼저 <code>((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin</code>이 0보다 큰지 봅니다. </details>
# <details><summary>힌트 2</summary> 세 기울기를 더하면 언제나 0입니다. 셋을 함께 옮겨도 거리가 그대로이기 때문입니다. 이것으로 검산하세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "09-triplet-gradients", "grade": false, "solution": true, "locked": false, "task": false}
def triplet_gradients(a, p, n, margin):
    ### BEGIN SOLUTION
    lacking = ((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin
    active = 2.0 if lacking > 0 else 0.0
    return active * (n - p), active * (p - a), active * (a - n)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "09-triplet-gradients-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("09-triplet-gradients", points=3, hint="손실이 0이면 기울기도 모두 0입니다. 그 밖에는 벡터마다 그 벡터가 나오는 항만 미분해 더하고, 항의 부호를 확인하세요."):
    origin, near, far = np.array([0.0, 0.0]), np.array([1.0, 0.0]), np.array([0.0, 3.0])
    assert all(np.allclose(g, 0) for g in triplet_gradients(origin, near, far, 0.5)), "부정이 충분히 멉니다: 손실도 기울기도 0입니다."
    for_a, for_p, for_n = triplet_gradients(origin, far, near, 0.5)
    assert np.allclose(for_p, [0.0, 6.0]) and np.allclose(for_n, [-2.0, 0.0])
    assert np.allclose(for_a + for_p + for_n, 0), "세 기울기의 합은 0입니다."

# %%
vectors = torch.tensor(np.random.default_rng(1).normal(size=(3, 8)), requires_grad=True)                    # 행: a, p, n


def two_distances(rows):
    return (rows[0] - rows[1]).pow(2).sum(), (rows[0] - rows[2]).pow(2).sum()


to_positive, to_negative = two_distances(vectors)
(to_positive - to_negative + 20).clamp(min=0).backward()
va, vp, vn = vectors.detach().numpy()
gradients = vectors.grad.numpy()
assert np.allclose(gradients[1], 2 * (vp - va)) and np.allclose(gradients.sum(axis=0), 0)
print("자동 미분으로 구한 p의 기울기는 2(p − a)와 같고, 세 기울기의 합은 0입니다.")
after_step = two_distances(vectors.detach() - 0.05 * vectors.grad)
print(f"기울기의 반대로 조금 움직이면 d(a, p)는 {to_positive:.2f} → {after_step[0]:.2f}, d(a, n)은 {to_negative:.2f} → {after_step[1]:.2f}")

# %% [markdown]
# ### 거리와 마진은 한 벌입니다
# 문장 임베딩은 보통 방향만 비교하므로 코사인 거리를 씁니다. 길이가 1인 벡터에서는 $\lVert u - v \rVert^2 = 2(1 - \cos)$이므로, FaceNet의 마진 0.2(제곱한 유클리드)는 코사인 거리로 **0.1**입니다.
# 반대로 `sentence-transformers`의 `BatchSemiHardTripletLoss`는 그냥 쓰면 제곱하지 않은 유클리드 거리와 마진 **5**입니다. 길이가 1인 벡터에서 무슨 일이 생기는지 봅시다.
#
# > **예측해 보세요.** 길이가 1인 임베딩에 유클리드 거리와 마진 5를 쓰면 쉬운 삼중항의 비율은?

# %%
predict("09-margin-five", choices=["0%", "절반쯤", "거의 모두"], mine=None)

# %%
unit = torch.nn.functional.normalize(torch.tensor(np.random.default_rng(2).normal(size=(32, 64))), dim=1)
assert torch.allclose(triplets.distances(unit, "squared"), 2 * triplets.distances(unit, "cosine"))
some_labels = torch.arange(32) % 8
shares = {}
for metric, margin in (("euclidean", 5.0), ("euclidean", 0.2), ("cosine", 0.2)):
    found = triplets.counts(triplets.distances(unit, metric), some_labels, margin)
    shares[metric, margin] = found["easy"] / sum(found.values())
    print(f"{'코사인 거리' if metric == 'cosine' else '유클리드 거리'}, 마진 {margin}: 가장 먼 두 벡터의 거리 {triplets.distances(unit, metric).max():.2f}, "
          f"쉬운 {found['easy']:,} · 세미하드 {found['semi_hard']:,} · 어려운 {found['hard']:,}")
compare("09-margin-five", 1 if shares["euclidean", 5.0] < 0.05 else 3 if shares["euclidean", 5.0] > 0.9 else 2)

# %% [markdown]
# 길이가 1이면 두 벡터의 거리는 2를 넘을 수 없으므로 마진 5는 **결코 채워지지 않습니다**. 손실은 언제나 3 이상이고, 0에서 자르는 일이 한 번도 없으므로 이미 잘 갈라진 쌍까지 끝없이 밀어냅니다. 여유가
# 갖추어지면 그대로 둔다는 삼중항 손실의 장점이 사라지는데, 오류는 나지 않습니다. 이 강의에서는 코사인 거리와 마진 0.2를 씁니다.
#
# *왜 틀릴 수 있을까요?* 모든 벡터가 **같아지면** 어떻게 될까요? $d(a,p) = d(a,n) = 0$이므로 손실은 정확히 $m$이고, 세 기울기는 모두 두 벡터의 차이로 이루어지므로 0입니다. 나쁜 곳인데 빠져나올 힘이 없습니다. 이것을
# **붕괴**(collapse)라고 합니다. 코사인 거리에서도 같은지 확인합니다.

# %%
for spread in (1.0, 0.1, 0.01, 0.0):
    cloud = torch.tensor(1 + spread * np.random.default_rng(3).normal(size=(32, 64)), requires_grad=True)
    loss = triplets.batch_hard_loss(triplets.distances(cloud), some_labels, 0.2)
    loss.backward()
    print(f"흩어진 정도 {spread:4}: 가장 어려운 삼중항의 손실 {loss.item():.3f}, 기울기의 크기 {cloud.grad.norm():.1e}")

# %% [markdown]
# 벡터들이 가까워질수록 손실은 마진에 다가가고 기울기는 0으로 갑니다. 그러므로 손실이 **마진 값에 붙어서 움직이지 않으면** 붕괴를 의심해야 합니다. 가장 어려운 것만 골라 배우면 이리로 끌려간다고들
# 하는데, 정말 그런지 5절에서 잽니다.

# %% [markdown]
# ## 3. 특허 문헌의 삼중항을 세어 보기
#
# 이제 실제 글입니다. 특허 132건에는 분야(field)가 적혀 있습니다. **같은 분야면 긍정, 다른 분야면 부정**으로 삼습니다. 열두 분야 가운데 여덟에서만 배우고, 넷은 통째로 남겨 둡니다. 이렇게 나눈 것을 분할(split)이라고 하겠습니다. 이 자료에는 같은 발명을 다른 말로 쓴
# 기록이 섞여 있는데, 모두 같은 분야 안에 있습니다(아래의 셀이 확인합니다). 문헌을 아무렇게나 나누면 같은 발명의 한쪽은 학습에, 다른 쪽은 시험에 들어가서 점수가 부풀려집니다(누출, leakage).

# %%
import time

from lab_utils import fine_tuning, retrieval, sbert

patents = datasets.load("patents")
texts = (patents["title"] + ". " + patents["abstract"]).tolist()
fields = patents["field"].to_numpy()
field_order = np.random.default_rng(0).permutation(np.unique(fields))
labels = torch.tensor(np.unique(fields, return_inverse=True)[1])


def unseen_in(fold):
    """fold(0, 1, 2)마다 네 분야를 통째로 남깁니다. 세 번이면 모든 분야가 한 번씩 남습니다."""
    return np.isin(fields, field_order[fold::3])


LENGTH = 128                                                            # 모델이 읽는 토큰의 수: 뒤는 잘립니다
bert = sbert.build(datasets.data_folder() / "models" / "korean-bert", max_length=LENGTH)
sentence_model = sbert.load(None)
sentence_model.max_seq_length = LENGTH
raw = sbert.encode(bert, texts)                                         # (132, d): BERT의 마지막 층을 평균한 것
before_vectors = sbert.encode(sentence_model, texts)                    # (132, d): 문장 모델
print(f"문헌 {len(texts)}건, 분야 {len(field_order)}개. 첫 분할에서 남겨 둘 분야:", " · ".join(sorted(field_order[0::3])))
key = pd.read_excel(datasets.fetch("patents"), sheet_name="kinds").dropna(subset=["of"])
field_of = dict(zip(patents["id"], fields))
assert all(field_of[twin] == field_of[original] for twin, original in zip(key["id"], key["of"]) if original in field_of)
print(f"같은 발명을 다른 말로 쓴 기록 {key['of'].isin(patents['id']).sum()}건은 모두 원래 기록과 같은 분야에 있습니다.")
seen = ~unseen_in(0)
k, c = 11, len(set(fields[seen]))
print(f"배울 문헌 {seen.sum()}건의 삼중항: {c}개 분야 × {k}편 × 긍정 {k - 1} × 부정 {(c - 1) * k} = {c * k * (k - 1) * (c - 1) * k:,}")

# %% [markdown]
# > **예측해 보세요.** 아직 배우지 않은 BERT의 평균 벡터에서 가장 많은 것은 어느 종류일까요? (코사인 거리, 마진 0.2)

# %%
predict("09-raw-kinds", choices=["쉬운", "세미하드", "어려운"], mine=None)

# %%
rows = {}
for name, matrix in (("BERT의 평균", raw), ("문장 모델", before_vectors)):
    found = triplets.counts(triplets.distances(torch.tensor(matrix[seen])), labels[seen], 0.2)
    total = sum(found.values())
    rows[name] = {"쉬운": found["easy"] / total, "세미하드": found["semi_hard"] / total, "어려운": found["hard"] / total,
                  "두 문헌의 평균 코사인": fine_tuning.mean_cosine(matrix[seen])}
assert total == int(triplets.valid_triplets(labels[seen]).sum())
by_kind = pd.Series(rows["BERT의 평균"])[["쉬운", "세미하드", "어려운"]]
compare("09-raw-kinds", by_kind.idxmax())
pd.DataFrame(rows).T.round(3)

# %% [markdown]
# 마지막 열을 함께 읽으세요. 두 문헌의 코사인이 평균부터 1에 가까우면 거리는 모두 작고, 그러면 마진 0.2는 너무 큰 요구여서 쉬운 삼중항이 거의 없습니다(05강의 이방성). 종류의 비율은 글이 아니라 **모델과 마진**이
# 정합니다.
#
# ### ✏️ 연습 9-3 (3점): 삼중항 세기
# 거리 행렬 `D`(B×B, NumPy)와 정수 레이블 `labels`(길이 B), 마진을 받아 `(쉬운, 세미하드, 어려운)` 삼중항의 개수를 돌려주는 `count_triplets`를 완성하세요. 기준과 긍정은 **서로 다른** 글이고, $(a, p)$와 $(p, a)$는 다른
# 쌍입니다. 경계는 1절의 표를 따릅니다.
#
# <details><summary>힌트 1</summary> 반복문 셋으로 써도 됩니다. a, p, n을 돌며 <code>a != p</code>, <code>labels[a] == labels[p] != labels[n]</code>인지 봅니다. </details>
# <details><summary>힌트 2</summary> 배열로 쓰면 <code>D[:, :, None]</code>이 d(a, p), <code>D[:, None, :]</code>이 d(a, n)입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "09-count-triplets", "grade": false, "solution": true, "locked": false, "task": false}
def count_triplets(D, labels, margin):
    ### BEGIN SOLUTION
    same = labels[:, None] == labels[None, :]
    positive = same & ~np.eye(len(labels), dtype=bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    to_positive, to_negative = D[:, :, None], D[:, None, :]
    hard = valid & (to_negative <= to_positive)
    easy = valid & (to_negative >= to_positive + margin)
    return int(easy.sum()), int((valid & ~hard & ~easy).sum()), int(hard.sum())
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "09-count-triplets-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("09-count-triplets", points=3, hint="유효한 삼중항만 셉니다: a ≠ p, 레이블은 a와 p가 같고 n은 다릅니다. 세미하드는 어렵지도 쉽지도 않은 것입니다."):
    on_a_line = np.array([0.0, 1.0, 1.5, 4.0])
    gaps, kinds_of = np.abs(on_a_line[:, None] - on_a_line), np.array([0, 0, 1, 1])
    assert sum(count_triplets(gaps, kinds_of, 0.6)) == 8, "기준 넷, 긍정 하나, 부정 둘: 모두 8개입니다."
    assert count_triplets(gaps, kinds_of, 0.6) == (3, 2, 3)
    assert count_triplets(gaps, kinds_of, 0.0)[1] == 0, "마진이 0이면 세미하드가 없습니다."

# %% [markdown]
# ## 4. 묶음에서 고르기: 라이브러리와 FaceNet
#
# 삼중항은 글의 수의 세제곱으로 늘어납니다. 그래서 삼중항을 미리 만들지 않고, 글 수십 편을 한 묶음으로 임베딩한 뒤 **그 안에서** 고릅니다(온라인 마이닝, online mining). 고르는 방법 셋이 널리 쓰입니다.
#
# - **모두**(batch-all): 손실이 0보다 큰 삼중항 모두의 평균. 0인 것까지 평균하면 쉬운 삼중항이 늘수록 기울기가 작아지므로 뺍니다.
# - **가장 어려운 것**(batch-hard; Hermans 외, 2017): 기준마다 가장 먼 긍정과 가장 가까운 부정 하나씩.
# - **세미하드**(Schroff 외, 2015): (기준, 긍정) 쌍마다 **긍정보다 먼 부정 가운데 가장 가까운 것**.
#
# 우리 구현(`lab_utils/triplets.py`)이 라이브러리와 값도 기울기도 같은지 확인합니다.

# %%
from sentence_transformers.sentence_transformer import losses

COSINE = losses.BatchHardTripletLossDistanceFunction.cosine_distance
checked = 0
for seed in range(20):
    generator = np.random.default_rng(seed)
    points, kinds_in = torch.tensor(generator.normal(size=(24, 6))), torch.tensor(generator.permutation(np.arange(24) % 5))
    for ours, theirs in (
        (triplets.batch_all_loss, losses.BatchAllTripletLoss(None, distance_metric=COSINE, margin=0.2).batch_all_triplet_loss),
        (triplets.batch_hard_loss, losses.BatchHardTripletLoss(None, distance_metric=COSINE, margin=0.2).batch_hard_triplet_loss),
        (triplets.semi_hard_loss, losses.BatchSemiHardTripletLoss(None, distance_metric=COSINE, margin=0.2).batch_semi_hard_triplet_loss),
    ):
        mine, other = points.clone().requires_grad_(), points.clone().requires_grad_()
        value, expected = ours(triplets.distances(mine), kinds_in, 0.2), theirs(kinds_in, other)
        value.backward()
        expected.backward()
        assert abs(value.item() - expected.item()) < 1e-6 and torch.allclose(mine.grad, other.grad, atol=1e-6)
        checked += 1
print(f"묶음 20개 × 손실 세 가지 = {checked}번, 값과 기울기가 라이브러리와 같습니다.")
for told, without_triplets in (("레이블이 모두 다른 묶음", torch.arange(24)), ("레이블이 모두 같은 묶음", torch.zeros(24, dtype=torch.long))):
    value = losses.BatchSemiHardTripletLoss(None, distance_metric=COSINE, margin=0.2).batch_semi_hard_triplet_loss(without_triplets, points)
    try:
        triplets.semi_hard_loss(triplets.distances(points), without_triplets, 0.2)
    except ValueError as error:
        print(f"{told}에서 라이브러리의 손실은 {value:.3f}, 우리 것은 오류: {str(error).splitlines()[0]}")

# %% [markdown]
# ### 정의가 갈리는 곳
# 긍정보다 먼 부정이 묶음에 **하나도 없으면** 어떻게 할까요? FaceNet의 세미하드는 정의상 긍정보다 먼 부정뿐이므로 그 쌍은 건너뜁니다. 라이브러리(와 그것이 따른 TensorFlow Addons)는 **가장 먼 부정**을 대신 고릅니다. 그것은 세미하드가
# 아니라 어려운 부정입니다. 이런 쌍이 얼마나 되는지 셉니다.

# %%
fallback_rows = []
for name, matrix in (("BERT의 평균", raw), ("문장 모델", before_vectors)):
    for size in (2, 4, 8):
        without, library_loss, strict_loss = [], [], []
        for seed in range(30):
            generator = np.random.default_rng(seed)
            drawn = np.concatenate([generator.choice(np.flatnonzero(fields == f), 4, replace=False) for f in generator.choice(np.unique(fields[seen]), size, replace=False)])
            distance, of = triplets.distances(torch.tensor(matrix[drawn])), labels[drawn]
            positive, _ = triplets.pairs(of)
            without.append((~triplets.semi_hard_negatives(distance, of)[1])[positive].float().mean().item())
            library_loss.append(triplets.semi_hard_loss(distance, of, 0.2).item())
            strict_loss.append(triplets.semi_hard_loss(distance, of, 0.2, fallback=False).item())
        apart = np.subtract(library_loss, strict_loss)
        fallback_rows.append({"벡터": name, "묶음": f"{size}분야 × 4편", "먼 부정이 없는 쌍": np.mean(without), "라이브러리의 손실": np.mean(library_loss), "FaceNet의 손실": np.mean(strict_loss),
                              "차이": "{:+.3f} [{:+.3f}, {:+.3f}]".format(apart.mean(), *evaluation.bootstrap_interval(np.mean, apart))})
pd.DataFrame(fallback_rows).round(3)

# %% [markdown]
# 묶음에 분야가 적을수록, 곧 부정이 적을수록 "먼 부정이 없는 쌍"이 많아집니다. 두 손실의 값이 얼마나 벌어지는지(맨 오른쪽 열: 묶음 서른 개에서 잰 차이와 95% 구간)는 벡터에 따라 다릅니다. 값이 비슷하더라도 고르는 삼중항이 다르니 기울기는 다릅니다. 논문을 재현할 때 이름이 같다고 같은 손실이라고 믿으면 안 됩니다.
#
# *왜 틀릴 수 있을까요?* 위의 `assert`는 우리가 만든 묶음에서 같다는 것을 보일 뿐입니다. 레이블이 모두 다르거나 모두 같아서 삼중항이 없는 묶음에서는 라이브러리가 0이나 뜻 없는 값을 내고, 우리 것은 오류로 알립니다(위 출력의 끝 두 줄). 그래서 묶음을 뽑을 때 레이블마다 둘 이상이
# 들어가게 해야 합니다(8절의 `group_by_label`).
#
# ### ✏️ 연습 9-4 (3점): 세미하드 부정 고르기
# 거리 행렬 `D`, 레이블 `labels`, 기준의 번호 `a`와 긍정의 번호 `p`를 받아 **라이브러리가 고르는 부정의 번호**를 돌려주는 `semi_hard_negative`를 완성하세요. 긍정보다 먼 부정 가운데 가장 가까운 것이고, 그런 부정이 없으면 부정 가운데 가장 먼
# 것입니다.
#
# <details><summary>힌트 1</summary> 부정의 번호는 <code>np.flatnonzero(labels != labels[a])</code>입니다. </details>
# <details><summary>힌트 2</summary> 그 가운데 <code>D[a, n] &gt; D[a, p]</code>인 것만 남긴 뒤 가장 가까운 것을 고릅니다. 남은 것이 없을 때를 잊지 마세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "09-semi-hard-negative", "grade": false, "solution": true, "locked": false, "task": false}
def semi_hard_negative(D, labels, a, p):
    ### BEGIN SOLUTION
    others = np.flatnonzero(labels != labels[a])
    farther = others[D[a, others] > D[a, p]]
    if len(farther):
        return int(farther[np.argmin(D[a, farther])])
    return int(others[np.argmax(D[a, others])])
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "09-semi-hard-negative-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("09-semi-hard-negative", points=3, hint="긍정보다 먼 부정 가운데 가장 가까운 것. 없으면 부정 가운데 가장 먼 것입니다."):
    row = np.array([[0.0, 0.5, 0.2, 0.6, 0.9, 0.55]])
    table = np.repeat(row, 6, axis=0)
    groups = np.array([0, 0, 1, 1, 2, 0])
    assert semi_hard_negative(table, groups, 0, 1) == 3, "부정은 2, 3, 4번이고 긍정(0.5)보다 먼 것 가운데 가장 가까운 것은 3번입니다."
    table[0, 1] = 0.95
    assert semi_hard_negative(table, groups, 0, 1) == 4, "더 먼 부정이 없으면 가장 먼 부정입니다."

# %% [markdown]
# ## 5. 쉬운 것만, 가장 어려운 것만 배우면
#
# 인코더 전체를 수십 번 학습하기에는 노트북이 느립니다. 그래서 BERT의 평균 벡터는 그대로 두고, 그 위에 **작은 신경망**(두 층, 64차원)만 학습하며 비교합니다. 인코더 전체를 학습한 표는 이 절의 끝에 있습니다. 한 걸음마다 여덟 분야에서 네 편씩 뽑고, 남겨 둔
# 네 분야의 문헌으로 시험합니다. 각 문헌이 나머지 131건을 코사인의 차례로 줄 세울 때 **같은 분야가 앞에 오는 정도**를 평균 정밀도(average precision, AP)로 잽니다. 시드마다 남겨 두는 분야가 다르므로, 세 번이면 모든 문헌이 한 번씩 "처음 보는 분야"의 문헌이 됩니다. 배운 분야의 문헌에서도 같은 방법으로 AP를 재어 나란히 둡니다.

# %%
M = 0.2


def easy_only(distance, of):
    return triplets.loss_of(distance, triplets.kinds(distance, of, M).easy, M)


def semi_hard(distance, of):
    return triplets.semi_hard_loss(distance, of, M)


def facenet(distance, of):
    return triplets.semi_hard_loss(distance, of, M, fallback=False)


def hardest(distance, of):
    return triplets.batch_hard_loss(distance, of, M)


def every(distance, of):
    return triplets.batch_all_loss(distance, of, M)


STEPS = by_profile(smoke=30, laptop=100, gpu=400)
SEEDS = (0, 1, 2)
X = torch.tensor(raw)


def train_head(choose, rate, seed, known=None, log_every=0, steps=STEPS):
    """작은 신경망을 학습해 (모든 문헌의 벡터, 기록)을 돌려줍니다. known: 학습에 쓸 레이블(잘못 적힌 것도 됩니다)"""
    torch.manual_seed(seed)
    generator, known = np.random.default_rng(seed), labels if known is None else known
    head = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 128), torch.nn.ReLU(), torch.nn.Linear(128, 64))
    optimiser = torch.optim.Adam(head.parameters(), lr=rate)
    learn = np.flatnonzero(~unseen_in(seed))
    members = [learn[known[learn] == label] for label in known[learn].unique()]
    log = []
    for step in range(steps):
        if log_every and step % log_every == 0:
            with torch.no_grad():
                distance = triplets.distances(head(X[learn]))
                log.append({"step": step, **triplets.counts(distance, known[learn], M), "loss": float(choose(distance, known[learn]))})
        drawn = np.concatenate([generator.choice(group, min(4, len(group)), replace=False) for group in members])
        loss = choose(triplets.distances(head(X[drawn])), known[drawn])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        return head(X).numpy(), pd.DataFrame(log)


def unseen_precision(matrix, fold):
    members = np.flatnonzero(unseen_in(fold))
    return fine_tuning.label_precision(fine_tuning.cosines(matrix), fields, members), members


def seen_precision(matrix, fold):
    """배운 분야의 문헌에서 잰 AP의 평균. 후보는 처음 보는 분야에서와 같이 나머지 131건입니다."""
    return fine_tuning.label_precision(fine_tuning.cosines(matrix), fields, np.flatnonzero(~unseen_in(fold))).mean()


untrained = fine_tuning.label_precision(fine_tuning.cosines(raw), fields)
read_tokens = retrieval.character_ngrams(texts)
controls = {"무작위로 줄 세우기": np.random.default_rng(0).random((len(texts), len(texts))), "BERT의 평균 벡터 그대로": fine_tuning.cosines(raw),
            "문장 모델 그대로": fine_tuning.cosines(before_vectors), "문자 TF-IDF": retrieval.tfidf_scores(read_tokens, read_tokens)}
print("학습하지 않은 것들의 AP: " + ", ".join(f"{name} {fine_tuning.label_precision(scores, fields).mean():.3f}" for name, scores in controls.items()))
fresh = [train_head(every, 1e-3, seed, steps=0)[0] for seed in SEEDS]                # 학습하지 않은 무작위 신경망


def verdict(low, high):
    return "나아졌다" if low > 0 else "나빠졌다" if high < 0 else "다르다고 말할 수 없다"


def measured(runs):
    """세 시드의 결과: AP와, 학습하기 전과의 차이(분야를 다시 뽑은 95% 구간), 붕괴한 시드의 수"""
    each = [unseen_precision(matrix, seed) for seed, matrix in enumerate(runs)]
    after, members = (np.concatenate(parts) for parts in zip(*each))
    gap = after - untrained[members]
    low, high = evaluation.clustered_interval(gap, fields[members])
    close, at_first = ([fine_tuning.mean_cosine(matrix) for matrix in matrices] for matrices in (runs, fresh))
    return {"AP": after.mean(), "차이": gap.mean(), "아래": low, "위": high, "판정": verdict(low, high),
            "배운 분야의 AP": np.mean([seen_precision(matrix, seed) for seed, matrix in enumerate(runs)]), "평균 코사인": np.mean(close),
            "붕괴": sum(c > max(0.99, c0) for c, c0 in zip(close, at_first))}

# %% [markdown]
# > **예측해 보세요.** (1) 쉬운 삼중항만 쓰면? (2) 기준마다 가장 어려운 것만 쓰면?

# %%
predict("09-easy-only", choices=["천천히 나아진다", "처음 그대로다", "나빠진다"], mine=None)
predict("09-hardest-only", choices=["어느 학습률에서나 붕괴한다", "학습률에 따라 붕괴한다", "붕괴하지 않는다"], mine=None)

# %%
RATES = by_profile(smoke=(1e-3, 3e-2), laptop=(1e-3, 3e-2), gpu=(1e-4, 1e-3, 1e-2, 3e-2))
CHOICES = {"쉬운 것만": easy_only, "모두": every, "세미하드": semi_hard, "세미하드(FaceNet)": facenet, "가장 어려운 것": hardest}
start_time, head_table, kept = time.perf_counter(), [{"삼중항": "(학습 전의 신경망)", "학습률": "", **measured(fresh)}], {}
for name, choose in CHOICES.items():
    for rate in RATES[:1] if choose is easy_only else RATES:
        runs = kept[name, rate] = [train_head(choose, rate, seed)[0] for seed in SEEDS]
        head_table.append({"삼중항": name, "학습률": f"{rate:g}", **measured(runs)})
head_table = pd.DataFrame(head_table)
unchanged = all(np.array_equal(one, other) for one, other in zip(fresh, kept["쉬운 것만", RATES[0]]))
compare("09-easy-only", 2 if unchanged else 1)
collapsed = head_table[head_table["삼중항"] == "가장 어려운 것"]["붕괴"]
compare("09-hardest-only", 1 if (collapsed == len(SEEDS)).all() else 2 if collapsed.any() else 3)
print(f"학습 {(len(head_table) - 1) * len(SEEDS)}번에 {time.perf_counter() - start_time:.0f}초, 한 번에 {STEPS}걸음")
print("쉬운 것만 배운 신경망은 처음의 무작위 신경망과", "모든 칸이 똑같습니다." if unchanged else "다릅니다.")
head_table.round(3)

# %% [markdown]
# 표를 읽는 법: `차이`는 학습하기 전의 BERT 벡터와 같은 문헌에서 잰 차이이고, 구간은 **분야를 통째로** 다시 뽑은 것입니다(같은 분야의 문헌은 함께 맞고 함께 틀리므로, 문헌을 따로 뽑으면 구간이 너무 좁아집니다). `AP`는 처음 보는 분야에서 잰 것이고, `배운 분야의 AP`가
# 그 옆의 비교 대상입니다. `붕괴`는 두 문헌의 평균 코사인이 0.99보다, 그리고
# 학습 전의 신경망보다 커진 시드의 수입니다.
#
# - **쉬운 것만**: 손실도 기울기도 0이므로 무작위로 시작한 그대로입니다. Adam도 기울기가 0이면 움직이지 않습니다.
# - **모두, 세미하드**: 배운 분야의 AP와 처음 보는 분야의 AP를 나란히 읽으세요. 배운 분야에서만 크게 올랐다면 신경망은 "같은 분야란 무엇인가"가 아니라 **그 여덟 분야를 가르는 법**을 배운 것입니다. 처음 보는 분야의 `판정`이 "다르다고 말할 수 없다"이면
#   나아졌다고 말하지 않습니다. 작은 신경망은 BERT의 평균 벡터에 이미 담긴 것만 골라 쓸 수 있습니다.
# - **가장 어려운 것만**: 붕괴했는지는 표의 마지막 열이 말합니다. 기준마다 가장 가까운 부정을 밀고 가장 먼 긍정을 당기는 일을 모든 글이 한꺼번에 하면, 서로 밀고 당기는 힘이 엇갈려 모두 가운데로 모일 수 있습니다. 반대로 Hermans 외(2017)는 묶음에서
#   가장 어려운 것을 골라 좋은 결과를 얻었습니다. 다만 **제곱하지 않은** 유클리드 거리를 썼습니다. 두 벡터가 가까워져도 그 거리의 기울기는 크기가 1 그대로여서, 제곱한 거리나 코사인 거리처럼 힘이 사라지지 않습니다. 시작점, 거리, 학습률, 묶음이 다르면 결과가 다릅니다.
# - **큰 학습률**(고르기마다 아래쪽 줄): 어떤 고르기에서든 붕괴가 나오는지 함께 보세요. 나온다면 붕괴는 고르기만의 탓이 아닙니다.
#
# 한 걸음씩 봅시다. 두 고르기를 **같은 학습률**로 배우게 하고, 배우는 문헌에서 세 종류의 비율을 셉니다.

# %%
WATCHED_RATE = 1e-3
watched = {f"{name}, 학습률 {WATCHED_RATE:g}": (CHOICES[name], WATCHED_RATE) for name in ("세미하드", "가장 어려운 것")}
logs = {name: train_head(choose, rate, 0, log_every=max(1, STEPS // 30))[1] for name, (choose, rate) in watched.items()}
fig, axes = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained", sharey=True)
described = []
for axis, (name, log) in zip(axes, logs.items()):
    parts = log[["hard", "semi_hard", "easy"]].div(log[["hard", "semi_hard", "easy"]].sum(axis=1), axis=0)
    axis.stackplot(log["step"], parts.T, labels=("어려운", "세미하드", "쉬운"), colors=("#D55E00", "#E69F00", "#56B4E9"), alpha=0.85)
    axis.set(xlabel="걸음", title=name, xlim=(0, log["step"].iloc[-1]), ylim=(0, 1))
    first, last = parts.iloc[0], parts.iloc[-1]
    described.append(f"{name}: 쉬운 것이 {first['easy']:.0%}에서 {last['easy']:.0%}로, 세미하드가 {first['semi_hard']:.0%}에서 {last['semi_hard']:.0%}로, "
                     f"어려운 것이 {first['hard']:.0%}에서 {last['hard']:.0%}로 바뀐다")
axes[0].set_ylabel("배우는 문헌의 삼중항에서의 비율")
handles, names = axes[0].get_legend_handles_labels()
fig.legend(handles[::-1], names[::-1], loc="outside right upper")                                   # 쌓인 차례대로
show(fig, alt="학습하는 동안 세 종류의 삼중항의 비율. " + ". ".join(described) + ".")
for name, log in logs.items():
    print(f"{name}: 손실 {log['loss'].iloc[0]:.3f} → {log['loss'].iloc[-1]:.3f} (마진 {M}에 붙어 있으면 붕괴)")

# %% [markdown]
# 배우는 문헌에서 쉬운 것의 비율이 늘어나면 잘 배우고 있는 것입니다(왼쪽). 나중에는 남은 세미하드와 어려운 것만이 가르치므로, 아무 삼중항이나 뽑으면 학습이 점점 느려집니다. 그래서 고르는 것입니다. 다만 이것은 **배우는 문헌**의 비율입니다. 거의 다 쉬워졌다고
# 해서 처음 보는 분야에서도 나아졌다는 뜻은 아닙니다(위의 표). 오른쪽에서 쉬운 것이 끝까지 나오지 않고 손실이 마진과 같다면 붕괴한 것입니다. 모든 거리가 0에 가까우면 순서는 맞을 수 있어도 여유 0.2는 생길 수 없습니다.
#
# 인코더 **전체**를 학습하면 다를까요? 아래의 셀은 미리 재어 둔 표를 읽습니다(BERT에서 시작, 같은 세 분할). 표가 없으면 재는 명령을 알려 줍니다.

# %%
results = datasets.data_folder() / "results"


def table_of(name):
    file = results / f"{name}.csv"
    if not file.exists():
        print(f"아직 재지 않았습니다: LAB_DATA_DIR=자료폴더 python -m instructor.results 09 ({name})")
        return None
    table = pd.read_csv(file)
    print("미리 재어 둔 값입니다. 다시 재려면:", table["command"].iloc[0], "·", table["device"].iloc[0])
    return table


def without_gaps(table):
    """소수 셋째 자리까지, 빈 곳(NaN)은 빈칸으로 보여 줍니다. 학습률은 그대로 적습니다."""
    rates = table["학습률"].map("{:g}".format, na_action="ignore")
    table = table.round(3).astype(object).assign(학습률=rates)
    return table.where(table.notna(), "")


mining = table_of("lesson09_mining")
if mining is not None:
    for _, row in mining.iterrows():
        print(f"{row['삼중항']}, 학습률 {row['학습률']:g}: AP {row['AP 전']:.3f} → {row['AP 후']:.3f}, 차이 {row['차이']:+.3f} [{row['차이 아래']:+.3f}, {row['차이 위']:+.3f}] "
              f"{verdict(row['차이 아래'], row['차이 위'])}, 평균 코사인 {row['코사인 후']:.3f}" + (f" ← {row['학습 수']:.0f}번 가운데 {row['붕괴']:.0f}번 붕괴" if row["붕괴"] else ""))

# %% [markdown]
# 표가 있다면 작은 신경망과 비교하며 읽으세요. 처음 보는 분야의 AP가 구간까지 오르는 고르기가 있는지, 붕괴는 어느 고르기와 어느 학습률에서 나오는지 봅니다. 인코더의 가중치까지 고치면 글에서 무엇을 읽어 낼지도 바뀌므로, 작은 신경망만 배울 때보다 바꿀 수 있는 것이 많습니다. 실제로 나아졌는지는 표가 말합니다.
#
# *왜 틀릴 수 있을까요?* 시드 셋으로 "언제나 붕괴한다"거나 "붕괴하지 않는다"고 말할 수는 없습니다. 셋 모두 붕괴했더라도 붕괴할 확률의 95% 하한(한쪽)은 $0.05^{1/3} \approx 37\%$이고, 셋 모두 붕괴하지 않았더라도 상한은 63%입니다. 또 여기의 문헌은 132건뿐이고 레이블이 깨끗합니다.
# 어려운 것만 고르는 일이 위험한 까닭은 하나 더 있습니다.

# %% [markdown]
# ## 6. 너무 비슷한 부정은 의심하세요
#
# 기준과 부정이 너무 비슷하면 두 가지를 의심해야 합니다. **레이블이 잘못**되었거나, **특이한 사례**입니다. 문장 모델이 보기에 다른 분야인데 가장 비슷한 쌍들을 읽어 봅시다.

# %%
cosine_between = fine_tuning.cosines(before_vectors)
same_field = fields[:, None] == fields
print(f"두 문헌의 평균 코사인: 같은 분야 {cosine_between[same_field & ~np.eye(len(fields), dtype=bool)].mean():.2f}, 다른 분야 {cosine_between[~same_field].mean():.2f}. 다른 분야에서 가장 비슷한 쌍:")
cosine_between[same_field | np.tri(len(fields), dtype=bool)] = -np.inf
for place in np.argsort(-cosine_between, axis=None)[:4]:
    i, j = np.unravel_index(place, cosine_between.shape)
    print(f"{cosine_between[i, j]:.2f}  [{fields[i]}] {patents['title'][i]}\n      [{fields[j]}] {patents['title'][j]}")

# %% [markdown]
# 읽으면서 셋으로 나누어 보세요. 정말로 **두 분야에 걸친** 발명인가, **낱말이나 말투**가 같을 뿐인가, 아무 관계도 없는데 **모델이 아직 모르는** 것인가. 첫째라면 무조건 밀어내라고 가르치는 것이 옳지 않고, 둘째와 셋째야말로
# 가르쳐야 할 것입니다. 코사인만으로는 셋을 구별할 수 없습니다. 이번에는 레이블을 **일부러** 틀리게 적어 봅시다. 학습 문헌의 20%에 다른 분야를 적습니다.
#
# > **예측해 보세요.** 틀린 레이블이 낀 삼중항의 비율이 가장 높은 것은? 우연이라면 셋 가운데 하나라도 틀릴 확률은 1 − 0.8³ ≈ 49%입니다.

# %%
predict("09-wrong-labels", choices=["모든 삼중항", "세미하드로 고른 것", "가장 어려운 것으로 고른 것", "다르다고 말할 수 없다"], mine=None)

# %%
def with_wrong_labels(fold, share=0.2, draw=0):
    """배울 문헌의 일부에 (배울 분야 가운데) 다른 분야를 적습니다. draw: 몇 번째로 뽑은 것인지"""
    generator, known = np.random.default_rng([100 + fold, draw]), labels.clone()
    learn = np.flatnonzero(~unseen_in(fold))
    wrong = generator.choice(learn, round(share * len(learn)), replace=False)
    for i in wrong:
        known[i] = generator.choice([label for label in labels[learn].unique().tolist() if label != labels[i]])
    return known, np.isin(np.arange(len(labels)), wrong)


DRAWS = by_profile(smoke=3, laptop=10, gpu=30)                          # 분할마다 틀린 레이블을 새로 뽑는 횟수
touched = {"모든 삼중항": [], "세미하드로 고른 것": [], "가장 어려운 것으로 고른 것": []}
for fold in SEEDS:
    learn = np.flatnonzero(~unseen_in(fold))
    distance = triplets.distances(torch.tensor(before_vectors[learn]))
    for draw in range(DRAWS):
        known, wrong = with_wrong_labels(fold, draw=draw)
        of, bad = known[learn], torch.tensor(wrong[learn])
        any_bad = bad[:, None, None] | bad[None, :, None] | bad[None, None, :]                   # [a, p, n]
        positive, negative = triplets.pairs(of)
        touched["모든 삼중항"].append(any_bad[triplets.valid_triplets(of)].float().mean().item())
        chosen = triplets.semi_hard_negatives(distance, of)[0]
        touched["세미하드로 고른 것"].append((bad[:, None] | bad[None, :] | bad[chosen])[positive].float().mean().item())
        far, near = distance.masked_fill(~positive, -1).argmax(1), distance.masked_fill(~negative, 9).argmin(1)
        touched["가장 어려운 것으로 고른 것"].append((bad | bad[far] | bad[near]).float().mean().item())
touched = {name: np.array(values) for name, values in touched.items()}
most = max(touched, key=lambda name: touched[name].mean())
leads = [evaluation.bootstrap_interval(np.mean, touched[most] - values)[0] > 0 for name, values in touched.items() if name != most]
compare("09-wrong-labels", most if all(leads) else 4)
for name, values in touched.items():
    more = values - touched["모든 삼중항"]
    low, high = evaluation.bootstrap_interval(np.mean, more)
    print(f"{name}: 틀린 레이블이 낀 비율 {values.mean():.1%}" + ("" if name == "모든 삼중항" else f", 모든 삼중항과의 차이 {100 * more.mean():+.1f}%p [{100 * low:+.1f}, {100 * high:+.1f}]"))

noise_rows = []
for name in ("모두", "세미하드", "가장 어려운 것"):
    noisy = [train_head(CHOICES[name], RATES[0], seed, known=with_wrong_labels(seed)[0])[0] for seed in SEEDS]
    each = [[unseen_precision(matrix, seed) for seed, matrix in enumerate(runs)] for runs in (kept[name, RATES[0]], noisy)]
    clean, dirty = (np.concatenate([ap for ap, _ in side]) for side in each)
    of = fields[np.concatenate([members for _, members in each[0]])]
    low, high = evaluation.clustered_interval(dirty - clean, of)
    noise_rows.append({"삼중항": name, "AP, 바른 레이블": clean.mean(), "AP, 20% 틀림": dirty.mean(), "차이": (dirty - clean).mean(), "아래": low, "위": high, "판정": verdict(low, high),
                       "배운 분야의 AP, 바른 레이블": np.mean([seen_precision(matrix, seed) for seed, matrix in enumerate(kept[name, RATES[0]])]),
                       "배운 분야의 AP, 20% 틀림": np.mean([seen_precision(matrix, seed) for seed, matrix in enumerate(noisy)])})
pd.DataFrame(noise_rows).round(3)

# %% [markdown]
# 벡터가 분야를 잘 구별할수록, 가장 어려운 것을 고르는 일은 **틀린 레이블을 찾아다니는 일**이 됩니다. 잘못 적힌 글은 제 분야의 글 곁에 있으므로 가장 가까운 "부정"이 되고, 잘못 적힌 이름의 분야에서는 가장 먼 "긍정"이 되기 때문입니다. 세미하드는 긍정보다 가까운 부정을
# 건너뛰므로 그 영향을 덜 받을 것이라고 기대합니다. 위의 두 결과(비율, 그리고 학습한 뒤의 AP)가 그 기대와
# 맞는지 확인하세요. 비율의 차이가 작다면 벡터가 아직 분야를 잘 구별하지 못한다는 뜻입니다. 표의 배운 분야의 AP는 **바른** 레이블로 잰 것이어서, 틀린 레이블을 외운 만큼 떨어집니다. 바른 레이블로도 이미 붕괴한 고르기(5절의 표)는 출발점이 다르므로, 그 줄의 차이가 작다고 해서 잘못된 레이블에 강하다고 말할 수 없습니다. 거꾸로 이 성질은 쓸모가 있습니다. **가장 어려운 삼중항을 사람이 읽어 보면** 잘못
# 적힌 레이블을 빨리 찾을 수 있습니다.
#
# ## 7. 마진의 효과
#
# > **예측해 보세요.** 세미하드로 배울 때 마진을 0.05에서 0.8까지 키우면 처음 보는 분야의 AP는?

# %%
predict("09-margin", choices=["계속 오른다", "가운데가 가장 높다", "계속 떨어진다", "다르다고 말할 수 없다"], mine=None)

# %%
MARGINS = by_profile(smoke=(0.05, 0.2, 0.8), laptop=(0.05, 0.2, 0.4, 0.8), gpu=(0.02, 0.05, 0.1, 0.2, 0.4, 0.8))
margin_ap, margin_seen, active_share = {}, {}, {}
for margin in MARGINS:
    runs = [train_head(lambda distance, of, margin=margin: triplets.semi_hard_loss(distance, of, margin), RATES[0], seed)[0] for seed in SEEDS]
    margin_ap[margin] = np.concatenate([unseen_precision(matrix, seed)[0] for seed, matrix in enumerate(runs)])
    within, still = [], []
    for seed, matrix in enumerate(runs):
        learn = np.flatnonzero(~unseen_in(seed))
        within.append(seen_precision(matrix, seed))
        found = triplets.counts(triplets.distances(torch.tensor(matrix[learn])), labels[learn], margin)
        still.append(1 - found["easy"] / sum(found.values()))
    margin_seen[margin], active_share[margin] = np.mean(within), np.mean(still)
asked = np.concatenate([np.flatnonzero(unseen_in(seed)) for seed in SEEDS])
best_margin = max(MARGINS, key=lambda margin: margin_ap[margin].mean())
ends = {margin: evaluation.clustered_interval(margin_ap[best_margin] - margin_ap[margin], fields[asked]) for margin in (MARGINS[0], MARGINS[-1])}
worse_than_best = {margin: low > 0 for margin, (low, _) in ends.items()}
compare("09-margin", 4 if not any(worse_than_best.values()) else 1 if best_margin == MARGINS[-1] else 3 if best_margin == MARGINS[0] else 2)
for margin, (low, high) in ends.items():
    if margin == best_margin:
        continue
    print(f"처음 보는 분야의 AP: 마진 {best_margin:g}(가장 높음)에서 마진 {margin:g}을(를) 뺀 차이 {(margin_ap[best_margin] - margin_ap[margin]).mean():+.3f}, 95% 구간 [{low:+.3f}, {high:+.3f}]")

fig, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
middle = [margin_ap[margin].mean() for margin in MARGINS]
low, high = np.array([evaluation.clustered_interval(margin_ap[margin], fields[asked]) for margin in MARGINS]).T
axis.errorbar(MARGINS, middle, yerr=[middle - low, high - middle], fmt="o-", capsize=3, label="처음 보는 분야의 AP (막대: 95% 구간)")
axis.plot(MARGINS, [margin_seen[margin] for margin in MARGINS], "s--", label="배운 분야의 AP")
axis.plot(MARGINS, [active_share[margin] for margin in MARGINS], "^:", label="학습 뒤 손실이 남은 삼중항의 비율")
axis.set(xscale="log", xlabel="마진 (로그)", ylabel="AP, 비율", ylim=(0, 1.02))
axis.set_xticks(MARGINS, [f"{margin:g}" for margin in MARGINS])
axis.minorticks_off()
fig.legend(loc="outside lower center", ncols=2, fontsize=9)
show(fig, alt="마진에 따른 세 곡선. 처음 보는 분야의 AP는 " + ", ".join(f"{margin:g}에서 {value:.2f}" for margin, value in zip(MARGINS, middle))
              + ". 배운 분야의 AP는 " + ", ".join(f"{margin_seen[margin]:.2f}" for margin in MARGINS) + ". 손실이 남은 비율은 "
              + ", ".join(f"{active_share[margin]:.0%}" for margin in MARGINS) + "이다.")

# %% [markdown]
# 마진이 작으면 삼중항이 일찍 쉬워져 배울 것이 없어지고, 크면 이미 잘 갈라진 것까지 계속 밀어냅니다(세모: 손실이 남은 비율). 배운 분야의 AP(네모)와 처음 보는 분야의 AP(동그라미)의 **틈**을 보세요. 학습 자료에서 높다고 해서 처음 보는 분야에서도 높은 것은 아닙니다.
#
# *왜 틀릴 수 있을까요?* 가장 좋은 마진을 이 그림에서 고르고 그 AP를 성능으로 보고하면 안 됩니다(02강의 낙관 편향). 구간이 겹치는 마진들 사이의 순위도 뜻이 없습니다. 학습률이나 걸음 수를 바꾸면 다른 마진이 가장 높을 수 있습니다.

# %% [markdown]
# ## 8. SentenceTransformerTrainer로 인코더 전체를 미세 조정하기
#
# 이제 문장 모델의 **모든 가중치**를 고칩니다. 사전 학습한 모델을 특정 영역의 자료로 더 학습하는 것이 미세 조정이고, 배운 것을 옮겨 쓴다는 뜻에서 전이 학습(transfer learning)이라고도 합니다. `sentence-transformers`의 학습기에는 셋을 줍니다. 자료(열 이름이 있는 표), 손실, 설정. 삼중항을 고르는
# 손실에는 한 묶음에 같은 레이블의 글이 둘 이상, 레이블도 두 가지 이상 들어가야 하므로 `batch_sampler="group_by_label"`을 씁니다. 여기의 손실에는 묶음마다 삼중항을 세는 일을 덧붙입니다.

# %%
import tempfile

from datasets import Dataset
from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from tqdm import tqdm
from transformers import PrinterCallback, TrainerCallback


class CountingLoss(losses.BatchSemiHardTripletLoss):
    """세미하드 삼중항 손실. 묶음마다 세 종류를 세어 둡니다."""

    def __init__(self, model, margin):
        super().__init__(model, distance_metric=COSINE, margin=margin)
        self.seen = []

    def batch_semi_hard_triplet_loss(self, labels, embeddings):
        loss = super().batch_semi_hard_triplet_loss(labels, embeddings)
        self.seen.append({**triplets.counts(triplets.distances(embeddings.detach()), labels.view(-1), self.margin), "loss": loss.item()})
        return loss


class Bar(TrainerCallback):
    """한 줄짜리 진행 막대"""

    def on_train_begin(self, args, state, control, **others):
        self.bar = tqdm(total=state.max_steps, desc="미세 조정", unit="걸음")

    def on_step_end(self, args, state, control, **others):
        self.bar.update()

    def on_train_end(self, args, state, control, **others):
        self.bar.close()


seen_numbers = np.flatnonzero(seen)
train_table = Dataset.from_dict({"text": [texts[i] for i in seen_numbers], "label": labels[seen_numbers].tolist()})
tuned = sbert.load(None)
tuned.max_seq_length = 64                                               # 학습할 때는 앞의 64토큰만 읽어 시간을 줄입니다
tuned.model_card_data.widget = ["-"]                                    # 허브에 올릴 때 쓰는 예문을 만들지 않습니다
counting = CountingLoss(tuned, margin=M)
settings = SentenceTransformerTrainingArguments(
    output_dir=tempfile.mkdtemp(), max_steps=by_profile(smoke=3, laptop=14, gpu=100), per_device_train_batch_size=32,
    learning_rate=2e-4, warmup_steps=2, batch_sampler="group_by_label", seed=0, data_seed=0, dataloader_drop_last=True,
    dataloader_pin_memory=torch.cuda.is_available(), save_strategy="no", logging_strategy="no", report_to="none", disable_tqdm=True)
trainer = SentenceTransformerTrainer(model=tuned, args=settings, train_dataset=train_table, loss=counting, callbacks=[Bar()])
trainer.remove_callback(PrinterCallback)
start_time = time.perf_counter()
trainer.train()
tuned.eval()
tuned.max_seq_length = LENGTH
print(f"{settings.max_steps}걸음 × 문헌 32편, {time.perf_counter() - start_time:.1f}초. 학습에서 뺀 네 분야:", " · ".join(sorted(field_order[0::3])))
log = pd.DataFrame(counting.seen)
share = log[["easy", "semi_hard", "hard"]].div(log[["easy", "semi_hard", "hard"]].sum(axis=1), axis=0)
pd.concat([log[["loss"]], share], axis=1).rename(columns={"loss": "손실", "easy": "쉬운", "semi_hard": "세미하드", "hard": "어려운"}).rename_axis("걸음").iloc[[0, len(log) // 2, -1]].round(3)

# %% [markdown]
# 나아졌는지는 **학습에 쓰지 않은 것**에서만 판단합니다. 둘을 잽니다.
#
# - **질의**: 시험용으로 따로 써 둔 질의와 등급이 매겨진 정답(08강). 질의는 한 번도 학습하지 않았습니다. 다만 정답 문헌 가운데에는 분야를 학습한 것이 있습니다(9절에서 나누어 봅니다). nDCG@10.
# - **처음 보는 분야의 문헌**: 남겨 둔 네 분야의 문헌이 같은 분야를 앞에 놓는 정도(AP).
#
# > **예측해 보세요.** 같은 분야끼리 모이도록 미세 조정하면 질의의 nDCG는?

# %%
predict("09-patents", choices=["오른다", "다르다고 말할 수 없다", "떨어진다"], mine=None)

# %%
queries, grades = fine_tuning.graded(datasets.load("patent-queries"), patents)
after_vectors = sbert.encode(tuned, texts, cache=False)
members = np.flatnonzero(unseen_in(0))
judged = {}                                                             # 방법 → (질의 × 문헌의 점수, 문헌 × 문헌의 점수)
asked_tokens = retrieval.character_ngrams(queries)
judged["문자 TF-IDF"] = retrieval.tfidf_scores(asked_tokens, read_tokens), retrieval.tfidf_scores(read_tokens, read_tokens)
for name, model, vectors in (("BERT의 평균", bert, raw), ("문장 모델, 미세 조정 전", sentence_model, before_vectors), ("문장 모델, 미세 조정 뒤", tuned, after_vectors)):
    judged[name] = fine_tuning.cosines(sbert.encode(model, queries, progress=False), vectors), fine_tuning.cosines(vectors)
each_query = {name: evaluation.retrieval_metrics(to_documents, grades)["ndcg"].to_numpy() for name, (to_documents, _) in judged.items()}
each_document = {name: fine_tuning.label_precision(among, fields, members) for name, (_, among) in judged.items()}

BEFORE, AFTER = "문장 모델, 미세 조정 전", "문장 모델, 미세 조정 뒤"


def query_interval(gap):
    return evaluation.bootstrap_interval(np.mean, gap)


def document_interval(gap):
    return evaluation.clustered_interval(gap, fields[members])          # 분야를 통째로 다시 뽑습니다(5절)


rows = []
for name in judged:
    row = {"방법": name}
    for column, each, interval in (("nDCG@10", each_query, query_interval), ("AP", each_document, document_interval)):
        row[column] = round(each[name].mean(), 3)
        gap = each[name] - each[BEFORE]
        row[f"{column}: 조정 전과의 차이"] = "" if name == BEFORE else "{:+.3f} [{:+.3f}, {:+.3f}]".format(gap.mean(), *interval(gap))
    rows.append(row)
low, high = query_interval(each_query[AFTER] - each_query[BEFORE])
compare("09-patents", 1 if low > 0 else 3 if high < 0 else 2)
print(f"질의 {len(queries)}개, 처음 보는 분야의 문헌 {len(members)}건. 대괄호: 같은 질의(문헌)에서 잰 차이의 95% 구간. 질의는 하나씩, 문헌은 분야째로 다시 뽑습니다.")
print("조정 전과 비교하면 질의:", verdict(low, high), "· 처음 보는 분야의 문헌:", verdict(*document_interval(each_document[AFTER] - each_document[BEFORE])))
low, high = query_interval(each_query[AFTER] - each_query["문자 TF-IDF"])
print("질의에서 미세 조정한 모델은 문자 TF-IDF보다", "낫습니다." if low > 0 else "못합니다." if high < 0 else "낫다고도 못하다고도 말할 수 없습니다.")
pd.DataFrame(rows)

# %%
gaps = each_query[AFTER] - each_query[BEFORE]
fig, axis = plt.subplots(figsize=(6, 4.2))
axis.plot([0, 1], [0, 1], color="black", linewidth=0.8)
axis.plot(each_query[BEFORE], each_query[AFTER], "o", alpha=0.6)
axis.set(xlabel="미세 조정 전의 nDCG@10", ylabel="미세 조정 뒤의 nDCG@10", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal", title="점 하나가 질의 하나")
both_zero = int(np.sum((each_query[BEFORE] == 0) & (each_query[AFTER] == 0)))
if both_zero:
    axis.annotate(f"전과 뒤 모두 0: {both_zero}개", (0, 0), xytext=(0.3, 0.04), arrowprops={"arrowstyle": "-", "linewidth": 0.8}, va="center")
show(fig, alt=f"질의마다 미세 조정 전과 뒤의 nDCG@10을 찍은 산점도. 대각선보다 위(나아진 질의) {np.sum(gaps > 0.005)}개, 아래 {np.sum(gaps < -0.005)}개, "
              f"거의 같은 것 {np.sum(np.abs(gaps) <= 0.005)}개. 그 가운데 전과 뒤가 모두 0인 것 {both_zero}개. "
              f"평균 차이 {gaps.mean():+.3f}.")
for kind, place in (("가장 나아진", int(np.argmax(gaps))), ("가장 나빠진", int(np.argmin(gaps)))):
    print(f"{kind} 질의: '{queries[place]}' ({each_query[BEFORE][place]:.2f} → {each_query[AFTER][place]:.2f})")
    for name in (BEFORE, AFTER):
        top = int(np.argmax(judged[name][0][place]))
        print(f"   {name}의 1등: [{fields[top]}] {patents['title'][top]} (등급 {grades[place, top]:g})")

# %% [markdown]
# 평균만 보지 말고 **질의마다** 보세요. 분야로 가르치면 같은 분야의 문헌이 모이므로, 분야가 중요한 질의는 좋아지고 분야 안에서 하나를 골라내야 하는 질의는 나빠질 수 있습니다. 배우라고 한 것(분야)과 재는 것(질의의 정답)이 다르기 때문입니다. 또 **조정 전보다 나아지는 것**과 **쓸 만해지는 것**은 다른 물음입니다. 표에서 문자 TF-IDF의 줄과 비교하세요. 작은 모델에는 뒤의 것이 더 어려운 기준입니다(08강).
#
# *왜 틀릴 수 있을까요?* 여기서는 분할 하나, 시드 하나로 짧게 학습했습니다. 위의 구간은 질의와 문헌을 다시 뽑은 것이고 **학습을 다시 했을 때의 흔들림은 담지 않습니다**. 특히 처음 보는 분야가 넷뿐이므로 다른 넷을 남겼다면 달랐을 수 있고, 넷을 다시 뽑아 만든 구간은 실제보다 좁기 쉽습니다. 다음 절의 표는 세 분할에서 학습했습니다.

# %% [markdown]
# ## 9. 다른 손실들: 같은 예산으로 비교하기
#
# ### 묶음 내 부정(in-batch negatives): MNR, InfoNCE
# 레이블 없이 **(질의, 정답) 쌍**만 있으면, 묶음의 다른 정답들을 부정으로 씁니다. 유사도에 $s$(온도의 역수, 보통 20)를 곱해 소프트맥스를 취하고, 정답의 로그 확률을 키웁니다. 03강의 소프트맥스 손실과 같은 모양입니다.
#
# $$\ell_i = -\log \frac{\exp(s \cos(a_i, p_i))}{\sum_j \exp(s \cos(a_i, p_j))} = \log\Big(1 + \sum_{j \ne i} \exp\big(s\,[\cos(a_i, p_j) - \cos(a_i, p_i)]\big)\Big)$$
#
# 오른쪽 모양을 보세요. 대괄호 안은 마진이 0인 삼중항 손실에서 0으로 자르기 전의 값입니다. $s$가 아주 크면 $\ell_i / s$는 **가장 어려운 부정**의 $\max(0, \cos_{\text{부정}} - \cos_{\text{긍정}})$이 됩니다. 곧 모든 부정을 쓰되 어려울수록 크게 가중하는 부드러운 최댓값(soft maximum)입니다.
#
# ### CoSENT
# 점수가 매겨진 쌍에는 CoSENT를 씁니다. 사람이 쌍 $i$를 쌍 $j$보다 비슷하다고 했으면 코사인도 그 순서가 되게 합니다. 재는 것(스피어만의 순위 상관)과 닮았습니다.
#
# $$\ell = \log\Big(1 + \sum_{(i, j):\, y_i > y_j} \exp\big(\lambda\,[\cos_j - \cos_i]\big)\Big)$$
#
# ### ✏️ 연습 9-5 (2점): InfoNCE
# 유사도 행렬 `similarity`(B×B, `similarity[i, j]` = 질의 i와 정답 j의 코사인; 대각선이 짝)와 `scale`을 받아 손실의 **평균**을 돌려주는 `info_nce`를 완성하세요. `scale`이 1,000이어도 넘치지 않아야 합니다.
#
# <details><summary>힌트 1</summary> 행마다 소프트맥스입니다. 03강처럼 행의 가장 큰 값을 먼저 빼세요. </details>
# <details><summary>힌트 2</summary> 정답의 로그 확률은 대각선에 있습니다: <code>np.diag(…)</code>. 분모에는 정답도 들어갑니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "09-info-nce", "grade": false, "solution": true, "locked": false, "task": false}
def info_nce(similarity, scale):
    ### BEGIN SOLUTION
    logits = scale * similarity
    logits = logits - logits.max(axis=1, keepdims=True)
    log_probability = np.diag(logits) - np.log(np.exp(logits).sum(axis=1))
    return float(-log_probability.mean())
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "09-info-nce-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("09-info-nce", points=2, hint="행마다 소프트맥스를 취하고 대각선의 로그 확률에 음수를 붙여 평균합니다. 유사도에는 먼저 scale을 곱합니다."):
    assert np.isclose(info_nce(np.zeros((4, 4)), 20), np.log(4)), "아무것도 구별하지 못하면 log B입니다."
    lopsided = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert np.isclose(info_nce(lopsided, 2.0), np.mean([np.log(1 + np.exp(-2)), np.log(1 + np.exp(2))]))
    assert np.isclose(info_nce(lopsided, 1000.0), 500), "큰 scale에서 넘치지 않게 하세요."

# %%
def cosent(first, second, scores, scale=20.0):
    cosine = scale * torch.nn.functional.cosine_similarity(first, second)                       # (B,)
    gaps = cosine[None, :] - cosine[:, None]                                                    # [i, j]: cos_j − cos_i
    return torch.log1p(torch.exp(gaps[scores[:, None] > scores[None, :]]).sum())


generator = torch.Generator().manual_seed(0)
first, second = torch.randn(2, 10, 16, generator=generator, dtype=torch.float64)
scores = torch.randint(0, 4, (10,), generator=generator).double()
two_asked, two_answers = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.eye(2)                 # 코사인은 연습 9-5의 검사에 나온 [[1, 0], [1, 0]]
by_hand = np.mean([np.log(1 + np.exp(-2)), np.log(1 + np.exp(2))])
assert np.isclose(by_hand, losses.MultipleNegativesRankingLoss(None, scale=2.0).compute_loss_from_embeddings([two_asked, two_answers], None).item())
assert torch.isclose(cosent(first, second, scores), losses.CoSENTLoss(None).compute_loss_from_embeddings([first, second], scores))
similar = torch.nn.functional.normalize(first, dim=1) @ torch.nn.functional.normalize(second, dim=1).T
worst = (similar - 9 * torch.eye(10)).amax(dim=1) - similar.diagonal()
for scale in (1, 20, 1000):
    value = losses.MultipleNegativesRankingLoss(None, scale=scale).compute_loss_from_embeddings([first, second], None).item()
    print(f"s = {scale:4}: InfoNCE / s = {value / scale:.4f},  가장 어려운 부정의 삼중항 손실(마진 0) = {worst.clamp(min=0).mean():.4f}")

# %% [markdown]
# CoSENT의 식을 그대로 옮긴 것이 라이브러리와 같고, 연습 9-5의 검사에서 손으로 계산한 InfoNCE의 값도 라이브러리의 MNR과 같습니다. $s$가 커지면 InfoNCE / s가 가장 어려운 부정의 삼중항 손실로 다가갑니다.
#
# ### 같은 예산에서의 비교
# 특허에서 여섯 방법을 같은 예산(같은 걸음, 걸음마다 글 32편)으로 비교하는 실험입니다. 마지막 것은 시험 질의와 겹치지 않는 **학습용 질의**와 그 정답의 쌍입니다(배우는 분야의 것만). 세 분할에서 한 번씩 학습하고, 학습률 둘을 모두 적습니다. 좋은 쪽만 골라 적으면 고른 방법이 부풀려지기 때문입니다.
#
# > **예측해 보세요.** 질의의 nDCG를 가장 높이는 학습 재료는?

# %%
predict("09-which-loss", choices=["분야 레이블과 삼중항", "분야 레이블과 CoSENT 또는 MNR", "제목과 초록의 쌍", "학습용 질의와 문헌의 쌍", "어느 것도 학습 전보다 낫다고 말할 수 없다"], mine=None)

# %%
training_queries = set(datasets.load("patent-training-queries")["query"])
assert not training_queries & set(queries)
print(f"학습용 질의 {len(training_queries)}개와 시험 질의 {len(queries)}개는 하나도 겹치지 않습니다.")
patent_table = table_of("lesson09_losses")
if patent_table is not None:
    trained = patent_table.dropna(subset=["학습률"])
    best = trained.loc[trained["nDCG"].idxmax()]
    compare("09-which-loss", 5 if not (trained["nDCG 차이 아래"] > 0).any() else 4 if "질의" in best["손실"] else 3 if "제목" in best["손실"] else 2 if "같은 분야" in best["손실"] else 1)
    MEASURES = {"nDCG": "모든 질의의 nDCG", "새 분야 nDCG": "새 분야 질의의 nDCG", "AP": "새 분야 문헌의 AP"}
    for _, row in trained.iterrows():
        told = " · ".join(f"{title} {row[f'{m} 차이']:+.3f} [{row[f'{m} 차이 아래']:+.3f}, {row[f'{m} 차이 위']:+.3f}] {verdict(row[f'{m} 차이 아래'], row[f'{m} 차이 위'])}"
                          for m, title in MEASURES.items())
        print(f"{row['손실']} (학습률 {row['학습률']:g}): {told}")
    fig, axes = plt.subplots(1, 3, figsize=(12, 0.36 * len(trained) + 1.6), layout="constrained", sharey=True)
    names = [f"{row['손실']} · {row['학습률']:g}" for _, row in trained.iterrows()]
    places = np.arange(len(trained))[::-1]
    for axis, (column, title) in zip(axes, MEASURES.items()):
        middle = trained[f"{column} 차이"]
        axis.errorbar(middle, places, xerr=[middle - trained[f"{column} 차이 아래"], trained[f"{column} 차이 위"] - middle], fmt="o", capsize=3)
        axis.axvline(0, color="black", linewidth=0.8)
        axis.set(xlabel="학습 전과의 차이 (막대: 95% 구간)", title=title)
    axes[0].set_yticks(places, names)
    show(fig, alt="손실과 학습률마다 학습 전과의 차이와 95% 구간을 그린 점 그림. "
                  + " ".join(f"{title}: " + ", ".join(f"{name} {value:+.3f}" for name, value in zip(names, trained[f"{column} 차이"])) + "." for column, title in MEASURES.items()))
shown = None
if patent_table is not None:
    shown = patent_table[["손실", "학습률", "학습 수", "걸음", "nDCG", "nDCG 표준편차", "AP", "KorSTS"]].astype({"학습 수": "Int64", "걸음": "Int64"})
    shown = without_gaps(shown)
shown

# %% [markdown]
# "새 분야"는 그 학습이 보지 못한 네 분야입니다. 새 분야의 질의는 질의도 정답 문헌도 처음 보는 것이어서 가장 엄격한 시험입니다. 세 그림에서 방법의 순서가 같은지 보세요. **분야 레이블로 배운 것은 분야를 잘 맞히고, 제목이나 질의와 짝지어 배운 것은 글 하나를 잘
# 찾을 것**이라고 기대할 수 있습니다. 그림이 그 기대와 다르면 그림이 옳습니다. "같은 분야의 두 문헌"을 MNR로 배우면 묶음 안의 다른 글도 같은 분야일 수
# 있어서 **거짓 부정**(false negative)이 섞입니다.
#
# *왜 틀릴 수 있을까요?* 학습률 둘, 걸음 수 하나로 손실의 우열을 말할 수는 없습니다. 손실마다 알맞은 학습률이 다르고(그래서 둘 다 적었습니다), 더 오래 학습하면 순서가 바뀔 수 있습니다. 또 구간을 수십 개 그리면 그 가운데 한둘은 우연히 0을 벗어납니다. 점 하나가 아니라 두 학습률과 세 그림에서 되풀이되는 것을 믿으세요.

# %% [markdown]
# ## 10. KorSTS, 그리고 "1만 쌍이면 충분한가"
#
# KorSTS는 사람이 0~5점을 매긴 문장 쌍입니다(학습 5,749쌍, 시험 1,379쌍). 자료가 있으면 BERT에서 시작해 CoSENT로 짧게 학습해 봅시다. 점수는 시험 쌍의 순위 상관 ρ입니다.

# %%
KORSTS = datasets.available("korsts")
sts_test = datasets.load("korsts", split="test").head(by_profile(smoke=60, laptop=400, gpu=1379)) if KORSTS else datasets.load("sentence-pairs")
gold, sts_name = sts_test["score"].to_numpy(), "KorSTS 시험 쌍" if KORSTS else "내장 문장 쌍"


def sts_cosines(model):
    return fine_tuning.pair_cosines(*(sbert.encode(model, sts_test[column], cache=False, progress=False) for column in ("sentence1", "sentence2")))


def rho_gain(new, old):
    """(ρ의 차이, 95% 구간의 두 끝): 같은 쌍을 다시 뽑습니다."""
    def difference(a, b, y):
        return evaluation.spearman(a, y) - evaluation.spearman(b, y)

    return difference(new, old, gold), *evaluation.bootstrap_interval(difference, new, old, gold)


if KORSTS:
    sts_train = datasets.load("korsts", split="train")
    sts_model = sbert.build(datasets.data_folder() / "models" / "korean-bert", max_length=64)
    sts_before, start_time = sts_cosines(sts_model), time.perf_counter()
    fine_tuning.fine_tune(sts_model, {"first": sts_train["sentence1"], "second": sts_train["sentence2"], "score": sts_train["score"] / 5}, losses.CoSENTLoss(sts_model),
                          steps=by_profile(smoke=3, laptop=25, gpu=700), learning_rate=3e-4)
    seconds, sts_after = time.perf_counter() - start_time, sts_cosines(sts_model)
    change, low, high = rho_gain(sts_after, sts_before)
    print(f"{sts_name} {len(gold)}개에서 ρ: {evaluation.spearman(sts_before, gold):.3f} → {evaluation.spearman(sts_after, gold):.3f} ({seconds:.0f}초 학습), "
          f"차이 {change:+.3f} [{low:+.3f}, {high:+.3f}] {verdict(low, high)}")
else:
    print("KorSTS가 없어 학습을 건너뜁니다. LAB_DATA_DIR에 자료 폴더를 적으면 이 셀이 실제로 학습합니다. 다음 셀은 미리 재어 둔 표를 읽습니다.")

# %% [markdown]
# 손실 셋을 BERT에서 시작해 같은 걸음으로 비교합니다. 학습률은 **개발**(dev) 쌍에서 고르고, 시험 쌍은 고른 학습률로만 잽니다.

# %%
korsts_table = table_of("lesson09_korsts")
if korsts_table is not None:
    for _, row in korsts_table.dropna(subset=["학습률"]).iterrows():
        print(f"{row['손실']}: ρ = {row['rho']:.3f} ± {row['표준편차']:.3f} (학습 {row['학습 수']:.0f}번), 학습 전과의 차이 {row['차이']:+.3f} [{row['차이 아래']:+.3f}, {row['차이 위']:+.3f}]")
shown = None
if korsts_table is not None:
    shown = without_gaps(korsts_table[["손실", "학습률", "쌍", "걸음", "학습 수", "rho", "표준편차"]].astype({"쌍": "Int64", "걸음": "Int64", "학습 수": "Int64"}))
shown

# %% [markdown]
# ### 학습 쌍은 몇 개나 필요한가
# "자료가 충분히 많으면, 이를테면 1만 개 이상이면 직접 학습할 수 있다"는 말이 있습니다. 무엇이 "직접"일까요? 두 가지 시작점을 나누어 잽니다. **무작위** 가중치에서 처음부터 배우는 것과, 레이블 없는 글로 **사전 학습한 BERT**에서 시작하는 것입니다.
# KorSTS는 5,749쌍이 전부여서 1만 쌍까지 갈 수 없으므로, 챗봇 문답(질문 → 대답)에서도 잽니다. 여기서는 학습에 없던 질문 1,000개가 저마다 대답 1,000개 가운데 제 대답을 몇 번째에 놓는지를 역순위의 평균(mean reciprocal rank, MRR)으로 잽니다.
#
# > **예측해 보세요.** 무작위에서 시작해 모든 쌍을 배운 모델을 따라잡으려면, BERT에서 시작한 모델에는 KorSTS가 몇 쌍 필요할까요?

# %%
predict("09-pairs", choices=["0쌍 (배우기 전부터 낫다)", "100~300쌍", "1,000~3,000쌍", "같은 수", "따라잡지 못한다"], mine=None)

# %%
pair_table = table_of("lesson09_pairs")
if pair_table is not None:
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    described = []
    for axis, (name, part) in zip(axes, pair_table.groupby("자료", sort=False)):
        reference = part[part["시작"] == "문자 TF-IDF"]["값"].iloc[0]
        axis.axhline(reference, color="black", linestyle="--", linewidth=1, label="문자 TF-IDF")
        for (start, rows), marker in zip(part[part["시작"] != "문자 TF-IDF"].groupby("시작", sort=False), "so"):
            at = rows["쌍"].clip(lower=30) * (1.03 if start == "BERT" else 0.97)                # 막대가 겹치지 않게
            axis.errorbar(at, rows["값"], yerr=[rows["값"] - rows["아래"], rows["위"] - rows["값"]], fmt=f"{marker}-", capsize=3, label="BERT에서" if start == "BERT" else "무작위에서")
            described.append(f"{name}, {start}에서 시작: " + ", ".join(f"{n:,.0f}쌍 {value:.3f}" for n, value in zip(rows["쌍"], rows["값"])))
        sizes = sorted(part["쌍"].dropna().unique())
        axis.set(xscale="log", xlabel="학습 쌍의 수 (로그, 맨 왼쪽은 0)", ylabel=part["척도"].iloc[0], title=name)
        axis.set_xticks([max(30, n) for n in sizes], [f"{n:,.0f}" for n in sizes])
        axis.minorticks_off()
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    show(fig, alt="학습 쌍의 수에 따른 성능과 95% 구간. " + ". ".join(described) + ".")
    for name, part in pair_table.groupby("자료", sort=False):
        scratch, pretrained = (part[part["시작"] == start].set_index("쌍") for start in ("무작위", "BERT"))
        reference = part[part["시작"] == "문자 TF-IDF"]["값"].iloc[0]
        reached = pretrained.index[pretrained["값"] >= scratch["값"].iloc[-1]]
        needed = reached[0] if len(reached) else None
        over = pretrained.index[pretrained["아래"] > reference]
        last = pretrained.iloc[-1]
        print(f"{name}: 무작위에서 {scratch.index[-1]:,.0f}쌍의 값 {scratch['값'].iloc[-1]:.3f}을(를) BERT에서는 " + (f"{needed:,.0f}쌍으로 따라잡습니다." if needed is not None else "따라잡지 못합니다."))
        print(f"   BERT에서 TF-IDF({reference:.3f})를 구간까지 넘는 첫 크기: " + (f"{over[0]:,.0f}쌍" if len(over) else "없음")
              + f". 마지막으로 {pretrained.index[-2]:,.0f}쌍에서 {pretrained.index[-1]:,.0f}쌍으로 늘렸을 때의 차이: {last['늘린 차이']:+.3f} [{last['차이 아래']:+.3f}, {last['차이 위']:+.3f}] → "
              + ("아직 오르고 있습니다." if last["차이 아래"] > 0 else "더 올랐다고 말할 수 없습니다."))
        shared = pretrained.index.intersection(scratch.index)
        ahead = pretrained["값"][shared] - scratch["값"][shared]
        print("   BERT에서 시작한 것이 앞서는 정도: " + ", ".join(f"{n:,.0f}쌍 {value:+.3f}" for n, value in ahead.items()))
        if name == "KorSTS":
            compare("09-pairs", 5 if needed is None else 1 if needed == 0 else 2 if needed <= 300 else 3 if needed <= 3000 else 4)

# %% [markdown]
# 그러므로 "몇 쌍이면 충분한가"에는 하나의 답이 없습니다. **어디서 시작하는지**(사전 학습), **무엇과 견주는지**(TF-IDF? 사람?), **더 늘렸을 때 아직 오르는지**(곡선의 끝)를 함께 물어야 합니다. 표가 있으면 위의 출력이 두 자료에서 그 답을 수로 보여 줍니다. 쌍이 아주 적을 때(few-shot)와 많을 때 사전 학습의 값어치가 어떻게 다른지는 "앞서는 정도"의 줄에서 비교하세요.
#
# *왜 틀릴 수 있을까요?* 걸음의 수에 상한을 두었으므로(표의 `걸음`) 쌍이 많은 쪽은 같은 쌍을 더 적은 횟수로 읽었습니다. 더 오래 학습하면 오른쪽 끝이 더 올라갈 수 있습니다. BERT는 사전 학습에서 KorSTS의 학습 문장과 챗봇의 글을, 시험에 쓰는 챗봇 질문과 대답까지 **짝을 모르는 채** 이미 읽었습니다(모델 카드 `data/models/korean-bert/README.md`). 그만큼 챗봇에서 BERT가 유리합니다. 그리고 두 자료의 쌍은 짧은 문장입니다. 특허처럼 긴 글에서는 다를 수 있습니다.

# %% [markdown]
# ## 11. 잊어버리기
#
# 새것을 배우면 옛것을 잊을 수 있습니다(파국적 망각, catastrophic forgetting). 특허로 미세 조정한 모델이 일상 문장의 유사도를 여전히 잘 재는지 봅니다. KorSTS가 있으면 그 시험 쌍으로, 없으면 이 과정에서 쓴 문장 쌍으로 잽니다.
#
# > **예측해 보세요.** 특허 분야만 배운 8절의 모델에서 ρ는?

# %%
predict("09-forgetting", choices=["오른다", "다르다고 말할 수 없다", "떨어진다"], mine=None)

# %%
sides = [sts_cosines(model) for model in (tuned, sentence_model)]
change, low, high = rho_gain(*sides)
print(f"8절의 모델, {sts_name} {len(gold)}개: ρ {evaluation.spearman(sides[1], gold):.3f} → {evaluation.spearman(sides[0], gold):.3f}, 차이 {change:+.3f} [{low:+.3f}, {high:+.3f}] {verdict(low, high)}")
if patent_table is not None:
    for _, row in trained.iterrows():
        print(f"{row['손실']} (학습률 {row['학습률']:g}): KorSTS {row['KorSTS']:.3f} ± {row['KorSTS 표준편차']:.3f}, 차이 {row['KorSTS 차이']:+.3f} "
              f"[{row['KorSTS 차이 아래']:+.3f}, {row['KorSTS 차이 위']:+.3f}] {verdict(row['KorSTS 차이 아래'], row['KorSTS 차이 위'])}")
    worst_row = trained.loc[trained["KorSTS 차이"].idxmin()]
    print(f"가장 많이 잊은 것: {worst_row['손실']}, 학습률 {worst_row['학습률']:g} ({worst_row['KorSTS 차이']:+.3f})")
compare("09-forgetting", 1 if low > 0 else 3 if high < 0 else 2)

# %% [markdown]
# "다르다고 말할 수 없다"는 잊지 않았다는 증거가 아닙니다. 구간의 아래 끝만큼은 잊었을 수도 있습니다. 8절처럼 짧은 학습에서는 모델이 조금밖에 바뀌지 않았을 수도 있습니다. 표가 있으면 학습률이 클수록 많이 잊는지, 손실에 따라 다른지를 위의 줄에서 비교해 보세요. 잊는 것을 줄이는 방법은 여럿입니다. 학습률과 걸음을 줄이기, 옛 과제의 쌍을 조금 섞기(replay), 처음 가중치에서 멀어지면 벌점 주기, 두 모델의 가중치를 평균하기. 어느 것이든 **옛 과제도 함께 재어야** 잊었는지 압니다.
# 특허만 찾는 데 쓸 모델이라면 KorSTS를 잊어도 괜찮을 수 있습니다. 무엇을 지켜야 하는지는 쓰임이 정합니다.

# %% [markdown]
# ## 12. 내 자료에 쓸 모델 고르기
#
# 모델마다 학습한 방법이 다르므로, 순위표의 점수가 아니라 **자기 자료에서 재어** 고릅니다. 무엇을 재야 할까요?
#
# 1. **질**: 자기 질의 수십 개에 정답을 달아 학습에 쓰지 않고 재기. 차이의 구간으로 비교합니다.
# 2. **속도**: 내 컴퓨터에서 1초에 몇 편을 임베딩하는지.
# 3. **크기**: 매개변수가 몇 개이고 벡터가 몇 차원인지. 저장 공간과 메모리를 정합니다.
# 4. **길이**: 모델이 읽는 토큰 수보다 긴 글이 얼마나 되는지. 많이 잘린다면 08강의 긴 문서 다루기를 함께 씁니다.
# 5. **언어**: 내 언어의 글이 몇 조각으로 나뉘고, 모르는 조각(`[UNK]`)이 얼마나 되는지.
# 6. **라이선스**: 쓰려는 곳(상업, 배포)에 허락되는지.
#
# 허브에서 한국어 모델을 찾는 방법: huggingface.co의 Models에서 Tasks는 Sentence Similarity, Languages는 Korean을 고릅니다. 이름을 `sbert.load("이름")`에 넣으면 같은 표에 한 줄이 늘어납니다.

# %%
import re

HUB = None                                                              # 예: "jhgan/ko-sroberta-multitask" (인터넷 필요)
SENTENCES = {"한국어": "전기자동차의 배터리를 냉각하는 장치를 제공한다.", "영어": "The device cools the battery of an electric vehicle.", "일본어": "電気自動車の電池を冷却する装置を提供する。"}
candidates = {"BERT의 평균": (bert, datasets.data_folder() / "models" / "korean-bert", raw), "문장 모델": (sentence_model, sbert.SHIPPED, before_vectors),
              AFTER: (tuned, sbert.SHIPPED, after_vectors)}
if HUB:
    hub_model = sbert.load(HUB)
    candidates[HUB] = hub_model, None, sbert.encode(hub_model, texts)
speed_texts = texts[: by_profile(smoke=4, laptop=24, gpu=132)]


def licence_of(folder):
    """모델 카드(README.md)에 적힌 라이선스"""
    card = folder / "README.md" if folder else None
    found = re.search(r"\blicen[cs]e:\s*([\w.\- ]*\w)", card.read_text(encoding="utf-8"), re.IGNORECASE) if card and card.exists() else None
    return found[1] if found else "적혀 있지 않음: 모델 카드를 확인"


rows = []
for name, (model, folder, document_vectors) in candidates.items():
    to_documents = fine_tuning.cosines(sbert.encode(model, queries, progress=False), document_vectors)
    ndcg = evaluation.retrieval_metrics(to_documents, grades)["ndcg"]
    start_time = time.perf_counter()
    sbert.encode(model, speed_texts, progress=False, cache=False)
    speed = len(speed_texts) / (time.perf_counter() - start_time)
    tokens = model.tokenizer(texts, verbose=False)["input_ids"]
    row = {"모델": name, "nDCG@10": "{:.3f} [{:.3f}, {:.3f}]".format(ndcg.mean(), *evaluation.bootstrap_interval(np.mean, ndcg)), "특허/초": round(speed),
           "매개변수(백만)": round(sum(weights.numel() for weights in model.parameters()) / 1e6, 1), "차원": document_vectors.shape[1],
           "최대 토큰": model.max_seq_length, "잘리는 특허": f"{np.mean([len(ids) > model.max_seq_length for ids in tokens]):.0%}"}
    for language, sentence in SENTENCES.items():
        pieces = model.tokenizer.tokenize(sentence)
        row[language] = f"{len(pieces)}조각, 모름 {np.mean([piece == model.tokenizer.unk_token for piece in pieces]):.0%}"
    rows.append(row | {"라이선스": licence_of(folder)})
pd.DataFrame(rows).set_index("모델").T

# %% [markdown]
# 표의 열 하나가 모델 하나입니다. 우리의 작은 모델들은 크기와 속도가 거의 같으므로 질로 고르면 되지만, 허브의 큰 모델과 비교할 때는 질과 속도 사이에서 **골라야** 합니다(`HUB`에 이름을 적어 보세요). 참고로 `ko-sroberta-multitask`가 공개한 KorSTS 점수는 85.60(ρ × 100)이고, 매개변수는 1억 개가 넘습니다.
#
# *왜 틀릴 수 있을까요?* 속도는 한 번만 쟀으므로 흔들립니다. 같은 구조의 두 모델이 다르게 나온 만큼이 그 흔들림입니다. 질의 수십 개로 잰 nDCG의 구간도 넓습니다. 구간이 겹치는 모델들 가운데 하나를 고르는 것은 괜찮지만 "가장 좋은 모델"이라고 말할 수는 없습니다. `최대 토큰`은 이 강의가 정한 값이어서(3절의 `LENGTH`), 늘리면 덜 잘리는 대신 느려집니다. 한국어 문장이 조각으로 잘게 나뉘는 모델은 같은 `최대 토큰`에서 글을 덜 읽습니다. 거꾸로 조각이 아주 적은 것이 좋은 뜻만은 아닙니다. 모르는 글자가 든 낱말은
# 통째로 `[UNK]` 하나가 되므로, 띄어쓰기가 없는 일본어 문장은 거의 전부가 모르는 조각 하나로 사라질 수 있습니다.

# %% [markdown]
# ## 13. 퀴즈

# %%
quiz("09-q-loss", "d(a, p) = 0.30, d(a, n) = 0.45, 마진 0.2일 때 삼중항 손실은?", digits=2, answer=0.05, why="0.30 − 0.45 + 0.2 = 0.05. 순서는 맞지만 여유가 모자란 세미하드입니다.")

# %%
quiz("09-q-count", "여덟 분야에서 네 편씩 뽑은 묶음(32편)에는 유효한 삼중항이 몇 개 있습니까?", answer=2688, why="기준 32 × 긍정 3 × 부정 28 = 2,688.")

# %%
quiz("09-q-euclid", "길이가 1인 벡터에 유클리드 거리와 마진 5를 쓰면 삼중항 손실이 가질 수 있는 가장 작은 값은?", answer=3, why="d(a, p)는 0보다 작을 수 없고 d(a, n)은 2보다 클 수 없으므로 0 − 2 + 5 = 3입니다.")

# %%
quiz("09-q-collapse", "학습하는 동안 손실이 마진 값에 붙어 움직이지 않습니다. 가장 먼저 의심할 것은?", choices=[
    "모든 임베딩이 같은 방향이 되었다(붕괴)", "모든 삼중항이 쉬워졌다", "마진이 너무 작다",
], answer=1, why="모두 같으면 d(a,p) = d(a,n)이므로 손실 = 마진이고 기울기는 0입니다. 모두 쉬워졌다면 손실은 0입니다.")

# %%
quiz("09-q-split", "특허를 문헌 단위로 무작위로 나누지 않고 분야를 통째로 남긴 까닭은?", choices=[
    "계산이 빨라서", "같은 발명을 다른 말로 쓴 문헌이 학습과 시험에 갈라져 들어가는 것을 막으려고", "분야마다 문헌 수가 달라서",
], answer=2, why="거의 같은 문헌이 양쪽에 있으면 시험 점수가 부풀려집니다(누출).")

# %%
quiz("09-q-infonce", "InfoNCE의 s를 아주 크게 하면 손실 / s는 무엇에 가까워집니까?", choices=["모든 부정의 평균", "0", "가장 어려운 부정 하나의 삼중항 손실(마진 0)"], answer=3,
     why="log-sum-exp는 s가 크면 가장 큰 항이 정합니다. 9절에서 수로 확인했습니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 삼중항 손실은 부정이 긍정보다 마진만큼 더 멀기를 요구합니다. 쉬운 삼중항의 기울기는 0이고, 모든 벡터가 같아져도 0입니다. 뒤의 것이 붕괴이고, 손실이 마진 값에 붙습니다.
# - 거리와 마진은 한 벌입니다. 라이브러리의 기본값(유클리드, 5)은 길이가 1인 벡터에서 뜻이 없고, FaceNet의 0.2는 코사인 거리로 0.1입니다. "세미하드"의 정의도 FaceNet과 라이브러리가 다릅니다.
# - 가장 어려운 것만 고르면 붕괴할 수 있고, 틀린 레이블이 몰릴 수 있습니다. 시작점, 학습률, 묶음에 따라 다르므로 여러 시드로 재어 봅니다.
# - 미세 조정은 배우라고 한 것을 배웁니다. 나아졌는지는 학습에 쓰지 않은 질의와 분야에서, 차이의 구간으로, 옛 과제까지 함께 재어 말합니다.
# - 필요한 쌍의 수는 시작점에 달려 있습니다. 곡선의 끝이 아직 오르는지를 보고 더 모을지 정합니다.
#
# ## 더 나아가
# - Hadsell, Chopra & LeCun(2006): 대조 손실. Weinberger & Saul(2009): 마진이 있는 최근접 이웃(LMNN), 삼중항 손실의 뿌리.
# - Schroff, Kalenichenko & Philbin(2015), *FaceNet*: 세미하드를 고르는 까닭과 붕괴. Hermans, Beyer & Leibe(2017): 묶음에서 가장 어려운 것을 고르는 것이 왜 잘 되는지.
# - Wu 외(2017), *Sampling Matters*: 부정을 뽑는 방법이 손실의 종류만큼, 때로는 그보다 중요함을 보입니다. Xuan 외(2020): 어려운 부정이 붕괴를 부르는 까닭을 기울기로 분석합니다.
# - Musgrave, Belongie & Lim(2020), *A Metric Learning Reality Check*: 같은 조건에서 재면 여러 해 동안 나온 손실들의 차이가 아주 작음을 보입니다. 이 강의의 9절을 읽을 때 떠올리세요.
# - Reimers & Gurevych(2019), Gao, Yao & Chen(2021, SimCSE), Wang 외(2022, E5): 묶음 내 부정과 약한 쌍 수억 개로 문장 모델을 만드는 길.
#
# 다음: [10 응용](10_applications.ipynb)
