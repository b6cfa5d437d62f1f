# %% [markdown]
# # 11 · 오토인코더에서 VAE로: 2차원 지도
#
# > *English summary. A plain autoencoder leaves holes between its codes; a variational autoencoder (VAE) fills them by paying for information.
# > We derive the ELBO, check every formula against Monte Carlo, make the latent collapse on purpose and cure it, train a small Transformer-VAE
# > in class, and draw a two-dimensional map of movie reviews with what it can and cannot hold, in nats and with intervals.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 오토인코더(autoencoder)의 잠재 공간(latent space)에 왜 빈 곳이 남는지 설명하고, 그 비율을 잽니다.
# - 증거 하한(Evidence Lower Bound, ELBO)을 두 가지 길로 이끌어 내고, 쿨백–라이블러 발산(Kullback–Leibler divergence, KL)을 식과 표본으로 모두 계산합니다.
# - 율(rate)과 왜곡(distortion)을 나트(nat)로 읽고, 사후 붕괴(posterior collapse)를 알아보고 고칩니다.
# - 2차원 지도가 담을 수 있는 정보의 양을 셈하고, 지도에서 읽어도 되는 것과 안 되는 것을 가립니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 120분쯤 걸립니다.
#
# **앞선 내용.** [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 차원 줄이기와 부트스트랩 구간, 03강의 경사하강법, 07강의 트랜스포머(Transformer). 정규분포의 밀도를 알면 됩니다.

# %% tags=["imports"]
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from lab_utils import by_profile, check, compare, datasets, evaluation, label_points, predict, quiz, show, summary

# %%
import os
import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch
from scipy.spatial import cKDTree
from scipy.special import logsumexp
from torch import nn

from lab_utils.vae import RECIPES, Recipe, VAEConfig, data, decoding, interpolation, objective, shipped, train_recipe, training
from lab_utils.vae.model import reparameterise as reparameterise_torch

# %% [markdown]
# ## 1. 오토인코더가 남기는 빈 곳
#
# 오토인코더는 글 $x$를 짧은 **코드**(code) $z$로 줄이는 인코더(encoder)와, $z$에서 $x$를 복원하는 디코더(decoder)를 함께 배웁니다. 02강의 SVD도 이런 일을 했습니다
# (줄이고 복원해 제곱 오차를 가장 작게). 이제 두 쪽을 모두 신경망으로 바꿉니다. 코드를 **두 수**로 하면 그대로 지도에 찍을 수 있습니다.
#
# 자료는 이 과정에 들어 있는 별점 리뷰 가운데 한 가지 측면(배송, 연출 …)만 말하는 글입니다. 어절마다 앞의 두 글자만 남기고(`배송이`, `배송도` → `배송`), 자주 쓰이는 200개가 글에 있는지 없는지를 적은 0/1 벡터, 곧
# **낱말 주머니**(bag of words)로 나타냅니다. 순서는 버립니다.

# %%
graded = datasets.load("graded-reviews", n=by_profile(smoke=5000, laptop=8000, gpu=8000), seed=0)
graded = graded[~graded.aspect.str.contains("·")].reset_index(drop=True)                   # 측면이 하나인 글만
words_of = [{word[:2] for word in text.split()} for text in graded.text.str.replace(r"[^가-힣 ]", " ", regex=True)]
WORDS = [word for word, _ in Counter(word for words in words_of for word in sorted(words)).most_common(200)]
column = {word: i for i, word in enumerate(WORDS)}
bags = np.zeros((len(words_of), len(WORDS)), dtype=np.float32)                             # (n, 200)
for row, words in enumerate(words_of):
    bags[row, [column[word] for word in words if word in column]] = 1
held_out = np.arange(len(bags)) % 8 == 0
train_bags, test_bags = torch.tensor(bags[~held_out]), torch.tensor(bags[held_out])
print(f"학습 {len(train_bags):,}편, 시험 {len(test_bags):,}편, 글마다 낱말 {bags.sum(1).mean():.1f}개 (200개 가운데)")
print("보기:", graded.text[0], "→", " ".join(WORDS[k] for k in np.flatnonzero(bags[0])))

# %% [markdown]
# 오토인코더와 변분 오토인코더(Variational Autoencoder, VAE)를 **한 클래스**로 씁니다. 다른 것은 두 줄뿐입니다. VAE는 $z$에 잡음을 섞고, 손실에 KL을 더합니다
# (까닭은 2·3절에서 봅니다). 신경망의 크기와 자료, 걸음 수는 똑같습니다.

# %%
class SmallAutoencoder(nn.Module):
    """낱말 주머니 (B, 200) → 코드 (B, 2) → 낱말마다 '있다'의 로짓 (B, 200)"""

    def __init__(self, n_words, latent=2, width=64):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(n_words, width), nn.Tanh(), nn.Linear(width, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, width), nn.Tanh(), nn.Linear(width, n_words))

    def encode(self, x):
        mean, log_variance = self.encoder(x).chunk(2, dim=-1)                              # (B, 2), (B, 2)
        return mean, log_variance


def distortion_and_rate(model, x, beta):
    """글 하나의 왜곡과 율(나트). beta가 None이면 잡음도 KL도 없는 오토인코더입니다."""
    mean, log_variance = model.encode(x)
    z = mean if beta is None else reparameterise_torch(mean, log_variance)                # 다른 점 ①
    distortion = nn.functional.binary_cross_entropy_with_logits(model.decoder(z), x, reduction="sum") / len(x)
    rate = objective.kl_per_dimension(mean, log_variance).sum(dim=1).mean()
    return distortion, rate


SMALL_STEPS = by_profile(smoke=300, laptop=600, gpu=600)


def train_small(beta, seed=0):
    torch.manual_seed(seed)
    model = SmallAutoencoder(len(WORDS))
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(SMALL_STEPS):
        x = train_bags[torch.randint(len(train_bags), (128,))]                             # (128, 200)
        distortion, rate = distortion_and_rate(model, x, beta)
        loss = distortion if beta is None else distortion + beta * rate                    # 다른 점 ②
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


pairs_of_models, codes = [], {"오토인코더": [], "VAE": []}


def add_pair(seed):
    """같은 시드의 오토인코더와 VAE를 하나씩 학습하고 코드를 모읍니다."""
    pairs_of_models.append((train_small(None, seed), train_small(1.0, seed)))
    with torch.no_grad():
        for found, model in zip(codes.values(), pairs_of_models[-1]):
            found.append(model.encode(train_bags)[0].numpy())                              # (n, 2)


add_pair(seed=0)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
good = graded.polarity.to_numpy()[~held_out]
for axis, (name, found) in zip(axes, codes.items()):
    for stars, colour, label in ((good < 3, "#D55E00", "별점 1–2"), (good > 3, "#0072B2", "별점 4–5")):
        axis.plot(*found[0][stars].T, ".", markersize=3, alpha=0.5, color=colour, label=label)
    axis.set(title=f"{name}의 코드 (시드 0)", xlabel="$z_1$", ylabel="$z_2$")
axes[0].legend(markerscale=3)
show(fig, alt=f"코드 {len(good):,}개의 산점도 둘. 오토인코더의 두 축은 표준편차 {codes['오토인코더'][0][:, 0].std():.1f}과 {codes['오토인코더'][0][:, 1].std():.1f}, "
              f"VAE의 두 축은 {codes['VAE'][0][:, 0].std():.2f}과 {codes['VAE'][0][:, 1].std():.2f}로 퍼져 있다.")

# %% [markdown]
# 먼저 눈금을 보세요. 오토인코더의 축에는 정해진 크기가 없습니다. 어디까지가 지도이고 어디부터가 바깥인지 아무도 말해 주지 않으므로, "아무 점이나 하나 골라 글로 바꾸기"를 하려 해도 어디서 골라야 할지
# 모릅니다. VAE의 코드는 원점 둘레에 모여 있습니다(잡음까지 더한 $z$의 표준편차가 1에 가깝습니다).
#
# 이제 빈 곳을 잽니다. 눈금이 다른 두 지도를 견주려면 먼저 평균이 0, 공분산이 단위 행렬이 되도록 늘이거나 줄입니다(백색화, whitening). 그리고 표준 정규분포에서 뽑은 점이 **가장 가까운
# 코드에서 얼마나 먼지** 봅니다. "멀다"의 문턱은 같은 수의 점을 표준 정규분포로 흩뿌렸을 때 1%만 넘는 거리로 정합니다. 그러므로 정규분포처럼 퍼진 지도라면 비율이 **1%쯤**입니다.
#
# > **예측해 보세요.** 먼 곳의 비율은 어느 쪽이 클까요?

# %%
predict("11-holes", choices=["오토인코더가 크다", "비슷하다(차이가 1%포인트 안쪽)", "VAE가 크다"], mine=None)

# %%
def whitened(points):
    """평균 0, 공분산이 단위 행렬인 점들 (n, 2)"""
    centred = points - points.mean(axis=0)
    return np.linalg.solve(np.linalg.cholesky(np.cov(centred.T)), centred.T).T


def far_share(points, seed=0, n=4000):
    """표준 정규분포에서 뽑은 점 가운데 코드에서 먼 점의 비율"""
    rng = np.random.default_rng(seed)
    even, probes = rng.normal(size=points.shape), rng.normal(size=(n, 2))
    threshold = np.quantile(cKDTree(even).query(rng.normal(size=(n, 2)))[0], 0.99)
    return float(np.mean(cKDTree(whitened(points)).query(probes)[0] > threshold))


for seed in range(1, by_profile(smoke=2, laptop=2, gpu=5)):                                  # 시드 하나로 말하지 않기 위해
    add_pair(seed)
far = {name: [far_share(points) for points in found] for name, found in codes.items()}
gap = np.mean(far["오토인코더"]) - np.mean(far["VAE"])
compare("11-holes", 2 if abs(gap) < 0.01 else 1 if gap > 0 else 3)
for name, shares in far.items():
    print(f"{name:6}: 코드에서 먼 곳의 비율 {np.mean(shares):.1%}  (시드마다 {', '.join(f'{share:.1%}' for share in shares)}; 정규분포처럼 퍼졌다면 1%)")

# %% [markdown]
# 빈 곳이 있다는 것보다 중요한 물음은 **그 자리에서 디코더가 무엇을 내놓는가**입니다. 세 자리에서 낱말 주머니를 하나씩 뽑아(낱말마다 디코더의 확률로 동전을 던져), 가장 비슷한 실제 글과 **몇 낱말이 다른지** 셉니다.
#
# - 코드 자리: 학습한 글의 코드 그대로.
# - 가운데: 마음대로 고른 두 코드의 한가운데.
# - 아무 데나: 코드들과 평균·공분산이 같은 정규분포에서 뽑은 점.

# %%
def words_off(model, points):
    """점마다: 뽑은 낱말 주머니와 가장 비슷한 학습 글이 다른 낱말의 수 (n,), 주머니에 든 낱말의 수 (n,)"""
    torch.manual_seed(0)
    with torch.no_grad():
        drawn = torch.bernoulli(model.decoder(torch.tensor(points, dtype=torch.float32)).sigmoid())  # (n, 200)
    return torch.cdist(drawn, train_bags, p=1).min(dim=1).values.numpy(), drawn.sum(dim=1).numpy()


rng = np.random.default_rng(0)
rows = []
for i, name in enumerate(("오토인코더", "VAE")):
    at = {"코드 자리": [], "가운데": [], "아무 데나": []}
    for points, pair in zip(codes[name], pairs_of_models):
        a, b = points[rng.integers(len(points), size=(2, 300))]                            # (300, 2) 둘
        for place, chosen in zip(at, (a, (a + b) / 2, rng.multivariate_normal(points.mean(axis=0), np.cov(points.T), size=300))):
            at[place].append(words_off(pair[i], chosen))
    for place, results in at.items():
        off, size = np.concatenate(results, axis=1)                                        # (시드 × 300,) 둘
        low, high = evaluation.bootstrap_interval(np.mean, off)
        rows.append({"모델": name, "자리": place, "다른 낱말 [95% 구간]": f"{off.mean():.2f} [{low:.2f}, {high:.2f}]", "든 낱말": f"{size.mean():.1f}"})
print(f"실제 글에 든 낱말은 평균 {bags.sum(axis=1).mean():.1f}개입니다.")
pd.DataFrame(rows).set_index(["모델", "자리"])

# %%
with torch.no_grad():
    for i, name in enumerate(("오토인코더", "VAE")):
        a, b = codes[name][0][[1, 2]]
        print(name)
        for t in (0, 0.25, 0.5, 0.75, 1):
            z = torch.tensor((1 - t) * a + t * b, dtype=torch.float32)
            print(f"  t = {t:<4} ", " ".join(WORDS[k] for k in pairs_of_models[0][i].decoder(z).topk(5).indices))

# %% [markdown]
# 출력된 낱말 다섯 개가 t를 따라 바뀌는지 보세요. 거의 그대로라면 빈 곳이 없어서가 아니라 코드가 하는 말이 적어서입니다(율은 4절에서 봅니다).
#
# 표에서 "아무 데나"를 "코드 자리"와 견주세요. 오토인코더에서 두 줄의 차이가 VAE에서보다 크다면, 지도의 빈 곳에서 실제 글과 닮지 않은 주머니가 나온다는 뜻입니다. 두 코드의 "가운데"는 2차원에서는 대개 지도의 복판이라
# 덜 나쁠 수 있습니다.
#
# 오토인코더의 손실은 그때그때의 **코드가 놓인 자리**에서만 계산됩니다. 코드가 놓이지 않은 자리(특히 바깥)에서 무엇이 나오든 손실에는 나타나지 않습니다. VAE는 점 대신 **구름**
# (평균 $\mu$, 표준편차 $\sigma$인 정규분포)을 넣어 그 안의 모든 점에서 같은 글이 나오도록 배우고, 구름들을 원점 둘레로 모읍니다.
#
# *왜 틀릴 수 있을까요?* (1) 실제 글과 비슷하다는 것이 **무언가를 말한다**는 뜻은 아닙니다. $z$를 무시하고 늘 흔한 낱말만 내놓는 디코더도 이 시험을 잘 봅니다(5절). 구간은 점을 다시 뽑은 것이라 시드 사이의 흔들림을 작게
# 봅니다. (2) 백색화하면 휘거나 갈라진 모양이 "빈 곳"으로 잡힙니다. 우리가 재려는 것이 바로 그것이지만, 정규분포를 기준으로 삼은 것은 우리의 선택입니다. (3) 2차원에서는 빈 곳이 눈에 보이지만 64차원에서는 거의 모든 곳이
# 코드에서 멉니다. 13강에서 다른 잣대를 씁니다.

# %% [markdown]
# ## 2. ELBO: 계산하기 어려운 적분의 하한
#
# 글이 만들어지는 과정을 이렇게 그립니다. 먼저 사전 분포(prior) $p(z) = \mathcal N(0, I)$에서 $z$를 뽑고, 디코더 $p(x \mid z)$로 글을 씁니다. 그러면 글의 확률은
#
# $$p(x) = \int p(x \mid z)\, p(z)\, dz$$
#
# 입니다. 디코더가 신경망이라 이 적분은 식으로 풀리지 않고, 차원이 높으면 격자로도 셈할 수 없습니다. $p(z)$에서 뽑아 평균하면 대부분의 $z$가 이 글과 상관이 없어 매우 느립니다. 그래서 "이 글을 쓸 법한 $z$"를 가리키는 분포 $q(z \mid x)$, 곧 인코더를 들여옵니다. 두 분포의 차이는
# $\mathrm{KL}(q \Vert p) = \mathbb E_q[\log q(z) - \log p(z)] \ge 0$으로 재고, 같을 때만 0입니다.
#
# **첫째 길 (옌센 부등식, Jensen's inequality).** 곱하고 나누어 기댓값으로 바꿉니다. 로그는 위로 볼록하므로(concave) 평균의 로그는 로그의 평균보다 작지 않습니다.
#
# $$p(x) = \int q(z \mid x)\,\frac{p(x, z)}{q(z \mid x)}\,dz = \mathbb E_{q}\!\left[\frac{p(x, z)}{q(z \mid x)}\right]$$
#
# $$\log p(x) = \log \mathbb E_{q}\!\left[\frac{p(x, z)}{q(z \mid x)}\right] \;\ge\; \mathbb E_{q}\!\left[\log \frac{p(x, z)}{q(z \mid x)}\right] = \mathrm{ELBO}$$
#
# **둘째 길 (정확한 차이).** $p(x) = p(x, z) / p(z \mid x)$는 어떤 $z$에서나 같습니다. 양쪽에 로그를 취하고, 로그 안에서 $q$를 곱하고 나눈 뒤, $q$로 평균합니다.
#
# $$\log p(x) = \underbrace{\mathbb E_{q}\!\left[\log \frac{p(x, z)}{q(z \mid x)}\right]}_{\mathrm{ELBO}} + \underbrace{\mathbb E_{q}\!\left[\log \frac{q(z \mid x)}{p(z \mid x)}\right]}_{\mathrm{KL}(q(z \mid x)\,\Vert\,p(z \mid x))\;\ge\;0}$$
#
# 그러므로 부족한 만큼은 정확히 **$q$가 참 사후 분포(posterior) $p(z \mid x)$에서 벗어난 정도**입니다. 마지막으로 $p(x, z) = p(x \mid z)\,p(z)$를 넣으면 우리가 쓰는 모양이 됩니다.
#
# $$\mathrm{ELBO} = \mathbb E_{q}\left[\log p(x \mid z)\right] - \mathrm{KL}(q(z \mid x)\,\Vert\,p(z)) = -D - R$$
#
# 왜곡(distortion) $D = -\mathbb E_q[\log p(x \mid z)]$는 복원하지 못한 만큼, 율(rate) $R = \mathrm{KL}(q \Vert p(z))$는 코드를 알려 주는 데 든 만큼입니다. 손실은 $D + R$입니다.
# 1절의 모델에서 $p(x \mid z)$는 낱말마다의 베르누이 분포의 곱이므로 $D$가 곧 교차 엔트로피의 합입니다.
#
# 말로만 하지 말고, 적분이 **손으로 풀리는** 모델에서 확인합시다. $z \sim \mathcal N(0, 1)$, $x \mid z \sim \mathcal N(2z,\ 0.5)$이면 $x$는 분산이 $2^2 + 0.5$인 정규분포이고, 사후 분포도 정규분포입니다.

# %%
def log_normal(x, mean, variance):
    return -0.5 * (np.log(2 * np.pi * variance) + (x - mean) ** 2 / variance)


SLOPE, NOISE, x = 2.0, 0.5, 1.7
log_p = log_normal(x, 0, SLOPE**2 + NOISE)                                                  # 정확한 log p(x)
true_variance = 1 / (1 + SLOPE**2 / NOISE)
true_mean = true_variance * SLOPE * x / NOISE
rng = np.random.default_rng(0)
rows = []
for name, m, v in (("참 사후 분포", true_mean, true_variance), ("평균이 어긋난 q", true_mean + 0.5, true_variance),
                   ("너무 넓은 q", true_mean, 9 * true_variance), ("사전 분포 그대로", 0.0, 1.0)):
    z = m + np.sqrt(v) * rng.normal(size=50_000)
    log_weight = log_normal(x, SLOPE * z, NOISE) + log_normal(z, 0, 1) - log_normal(z, m, v)  # log p(x, z)/q(z|x)
    gap = 0.5 * (np.log(true_variance / v) + (v + (m - true_mean) ** 2) / true_variance - 1)  # KL(q‖사후 분포), 식으로
    error = log_weight.std() / np.sqrt(len(z))
    rows.append({"q": name, "ELBO (표본)": log_weight.mean(), "±표준오차": error, "KL(q‖사후)": gap, "더하면": log_weight.mean() + gap, "log p(x)": log_p})
    assert abs(log_weight.mean() + gap - log_p) < 5 * error + 1e-9
pd.DataFrame(rows).set_index("q").round(4)

# %% [markdown]
# 네 줄 모두 ELBO와 KL을 더하면 (표준오차 안에서) 같은 $\log p(x)$가 됩니다. $q$가 참 사후 분포이면 ELBO가 곧 $\log p(x)$이고 표본마다 값이 같아서 표준오차도 0입니다.
#
# 옌센의 부등식이 얼마나 느슨한지는 표본 여럿을 **로그 안에서** 평균해 보면 압니다(중요도 가중, importance weighting). K = 1이면 ELBO이고, K가 커질수록 $\log p(x)$로 올라갑니다.

# %%
z = rng.normal(size=(2000, 256))                                                            # q = 사전 분포 그대로
log_weight = log_normal(x, SLOPE * z, NOISE)
for K in (1, 4, 16, 64, 256):
    bound = logsumexp(log_weight[:, :K], axis=1) - np.log(K)                                # (2000,)
    print(f"K = {K:3}: {bound.mean():8.3f} ± {bound.std() / np.sqrt(len(bound)):.3f}   (log p(x) = {log_p:.3f})")

# %% [markdown]
# *왜 틀릴 수 있을까요?* ELBO가 높아진 것이 모델 $p$가 나아져서인지 $q$가 사후 분포에 가까워져서인지는 ELBO만 보아서는 알 수 없습니다. 두 모델의 ELBO를 견줄 때 차이의 일부는 틈(gap)의 차이입니다.

# %% [markdown]
# ## 3. 재매개변수화와 KL의 식
#
# ### 잡음을 밖으로 빼기
# 손실에는 $q(z \mid x)$에서 **뽑은** $z$가 들어 있습니다. 뽑기는 미분할 수 없습니다. 그런데 $z \sim \mathcal N(\mu, \sigma^2)$은 $\varepsilon \sim \mathcal N(0, 1)$을 먼저 뽑아 $\sigma$배 하고 $\mu$를 더한 것과 같습니다.
# 이렇게 쓰면 무작위는 $\varepsilon$에만 있고, $z$는 $\mu$와 $\sigma$의 매끈한 함수가 됩니다. 이것이 **재매개변수화**(reparameterisation)입니다.
#
# 그러지 않고도 기울기를 구할 수는 있습니다(점수 함수 추정, score function estimator: $f(z)$에 $\nabla_\mu \log q(z)$를 곱해 평균). 둘 다 치우치지 않지만 분산이 다릅니다.
# 보기로 $f(z) = z^2$을 봅시다. $\mathbb E f = \mu^2 + \sigma^2$이므로 참 기울기는 $2\mu$입니다.

# %%
mu, sigma = 1.5, 0.3
noise = np.random.default_rng(0).normal(size=20_000)
samples = mu + sigma * noise
path = 2 * samples                                                  # d(z²)/dμ = 2z: 재매개변수화
score_function = samples**2 * noise / sigma                         # z² · ∇ log q(z)
for name, estimate in (("재매개변수화", path), ("점수 함수", score_function)):
    print(f"{name:6}: {estimate.mean():.3f} ± {estimate.std() / np.sqrt(len(estimate)):.3f} (참값 {2 * mu:.3f}), 분산 {estimate.var():8.2f}")
print(f"분산의 비: {score_function.var() / path.var():,.0f}배")

# %% [markdown]
# ### ✏️ 연습 11-1 (2점): 재매개변수화
# 평균 `mean`, 로그 분산 `log_variance`, 표준 정규 잡음 `noise`(모두 같은 모양의 배열)를 받아 $z$를 돌려주는 `reparameterise`를 완성하세요. 잡음은 새로 뽑지 말고 받은 것을 씁니다.
#
# <details><summary>힌트 1</summary> 인코더가 내놓는 것은 σ가 아니라 log σ²입니다. </details>
# <details><summary>힌트 2</summary> log σ² = 2 log σ이므로 σ는 log_variance의 절반에 지수 함수를 씌운 것입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "11-reparameterise", "grade": false, "solution": true, "locked": false, "task": false}
def reparameterise(mean, log_variance, noise):
    ### BEGIN SOLUTION
    sigma = np.exp(0.5 * log_variance)
    return mean + sigma * noise
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "11-reparameterise-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("11-reparameterise", points=2, hint="σ = exp(½ log σ²)입니다. 분산을 그대로 곱하거나 잡음을 새로 뽑지 않았는지 보세요."):
    centre, spread = np.array([[1.0, -2.0]]), np.log(np.array([[4.0, 0.25]]))
    assert np.allclose(reparameterise(centre, spread, np.array([[1.0, 1.0]])), [[3.0, -1.5]]), "분산 4의 표준편차는 2입니다."
    assert np.allclose(reparameterise(centre, spread, np.zeros((1, 2))), centre)
    assert np.allclose(reparameterise(np.zeros(3), np.zeros(3), np.array([0.1, -0.2, 0.3])), [0.1, -0.2, 0.3])

# %% [markdown]
# ### KL을 식으로
# $q = \mathcal N(\mu, \sigma^2)$과 $p = \mathcal N(0, 1)$의 KL은 $q$로 평균한 $\log q(z) - \log p(z)$입니다. 두 로그 밀도를 빼면 $\log 2\pi$가 지워지고
#
# $$\log q(z) - \log p(z) = -\tfrac12 \log \sigma^2 - \frac{(z - \mu)^2}{2\sigma^2} + \frac{z^2}{2}$$
#
# 입니다. $q$로 평균하면 $\mathbb E(z - \mu)^2 = \sigma^2$, $\mathbb E z^2 = \mu^2 + \sigma^2$이므로
#
# $$\mathrm{KL} = \tfrac12\left(\mu^2 + \sigma^2 - 1 - \log \sigma^2\right)$$
#
# 입니다. 차원이 여럿이면 (공분산이 대각 행렬이므로) 그냥 더합니다. 식이 맞는지 **표본 평균**(Monte Carlo)과 견줍니다. 표본 평균은 흔들리므로 표준오차를 함께 봅니다.

# %%
mean, log_variance = np.array([1.0, -0.5, 0.0]), np.array([-2.0, 0.5, 0.0])               # (3,)
by_formula = objective.kl_per_dimension(torch.tensor(mean), torch.tensor(log_variance)).sum().item()
rows = []
for n in (100, 1_000, 10_000, 100_000):
    draws = np.random.default_rng(n).normal(mean, np.exp(log_variance / 2), size=(n, 3))
    difference = (log_normal(draws, mean, np.exp(log_variance)) - log_normal(draws, 0, 1)).sum(axis=1)   # (n,)
    error = difference.std(ddof=1) / np.sqrt(n)
    rows.append({"표본": f"{n:,}", "표본 평균": difference.mean(), "표준오차": error, "식": by_formula, "차이 ÷ 표준오차": (difference.mean() - by_formula) / error})
    assert abs(difference.mean() - by_formula) < 5 * error
pd.DataFrame(rows).set_index("표본").round(4)

# %% [markdown]
# 표본을 100배로 늘리면 표준오차가 10분의 1로 줄어듭니다. 차이는 언제나 표준오차의 몇 배 안쪽이므로 식과 표본은 어긋나지 않습니다. 셋째 차원($\mu = 0, \sigma = 1$)은 KL이 0입니다. **아무것도 알려 주지 않는 차원**은 비용도 들지 않습니다.

# %% [markdown]
# ### ✏️ 연습 11-2 (2점): KL의 식
# `mean`과 `log_variance`(모양 (B, d))를 받아 글마다 $\mathrm{KL}(q(z \mid x) \Vert \mathcal N(0, I))$를 나트로 돌려주는 `gaussian_kl`을 완성하세요. 돌려주는 배열의 모양은 (B,)입니다.
#
# <details><summary>힌트 1</summary> 차원마다 ½(μ² + σ² − 1 − log σ²)를 구해 차원(axis=1)으로 <b>더합니다</b>. </details>
# <details><summary>힌트 2</summary> σ²는 np.exp(log_variance)입니다. 제곱을 한 번 더 하지 마세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "11-kl", "grade": false, "solution": true, "locked": false, "task": false}
def gaussian_kl(mean, log_variance):
    ### BEGIN SOLUTION
    each = (mean**2 + np.exp(log_variance) - log_variance - 1) / 2
    return each.sum(axis=1)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "11-kl-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("11-kl", points=2, hint="차원마다 ½(μ² + σ² − 1 − log σ²), 그다음 axis=1로 더합니다. KL은 음수가 되지 않습니다."):
    assert np.allclose(gaussian_kl(np.zeros((2, 3)), np.zeros((2, 3))), [0, 0]), "사전 분포와 같으면 0입니다."
    assert np.allclose(gaussian_kl(np.array([[2.0, 1.0]]), np.zeros((1, 2))), [2.5])
    narrow = gaussian_kl(np.zeros((1, 2)), np.log(np.array([[0.25, 4.0]])))
    assert np.allclose(narrow, [0.5 * (0.25 - 1 - np.log(0.25)) + 0.5 * (4 - 1 - np.log(4))])
    few = np.random.default_rng(7).normal(0.8, 0.5, size=(20_000, 1))                      # 표본으로도 확인합니다
    by_samples = np.mean(-0.5 * np.log(0.25) - (few - 0.8) ** 2 / 0.5 + few**2 / 2)
    assert abs(gaussian_kl(np.array([[0.8]]), np.log(np.array([[0.25]])))[0] - by_samples) < 0.03

# %% [markdown]
# ## 4. 율과 왜곡을 나트로 읽기
#
# **나트**는 밑이 $e$인 로그로 잰 정보의 단위입니다. 동전을 한 번 던진 결과는 $\log 2 \approx 0.69$나트입니다. 글 하나를 보낼 때 코드에 $R$나트, 코드로도 알 수 없는 나머지에 $D$나트를 쓰는 셈입니다.
# 둘의 합을 자료의 분포에서 평균한 값은 어떤 모델로도 자료의 엔트로피 $H$보다 작을 수 없습니다($D + R \ge H$). 율에 가중치 β를 곱하면($D + \beta R$, β-VAE) 둘 사이에서 원하는 자리를 고를 수 있습니다.
#
# > **예측해 보세요.** β를 0.1에서 8까지 키우면 시험 글의 $D + R$은 어디에서 가장 작을까요?

# %%
predict("11-beta", choices=["β가 가장 작을 때", "β = 1 가까이에서", "β가 가장 클 때"], mine=None)

# %%
BETAS = by_profile(smoke=(0.1, 1.0, 8.0), laptop=(0.1, 0.3, 1.0, 3.0, 8.0), gpu=(0.1, 0.3, 1.0, 3.0, 8.0))
rows = []
for beta in BETAS:
    model = pairs_of_models[0][1] if beta == 1 else train_small(beta)
    torch.manual_seed(0)
    with torch.no_grad():
        measured = np.array([[part.item() for part in distortion_and_rate(model, test_bags, beta)] for _ in range(20)])  # (20, 2)
    rows.append({"β": beta, "왜곡 D": measured[:, 0].mean(), "율 R": measured[:, 1].mean(), "D + R": measured.sum(axis=1).mean()})
trade = pd.DataFrame(rows).set_index("β")
best = trade["D + R"].idxmin()
compare("11-beta", 1 if best == BETAS[0] else 3 if best == BETAS[-1] else 2)

fig, axis = plt.subplots(figsize=(6.5, 4))
axis.plot(trade["율 R"], trade["왜곡 D"], "o-")
axis.margins(0.15)
axis.set(xlabel="율 R (나트/글)", ylabel="왜곡 D (나트/글)", title="코드에 더 쓰면 나머지가 줄어듭니다 (시험 글, 2차원)")
label_points(axis, trade[["율 R", "왜곡 D"]].to_numpy(), [f"β = {beta:g}" for beta in trade.index])
show(fig, alt=f"율과 왜곡의 곡선. β = {BETAS[0]:g}에서 율 {trade['율 R'].iloc[0]:.1f}나트, 왜곡 {trade['왜곡 D'].iloc[0]:.1f}나트이고 "
              f"β = {BETAS[-1]:g}에서 율 {trade['율 R'].iloc[-1]:.1f}나트, 왜곡 {trade['왜곡 D'].iloc[-1]:.1f}나트이다.")
trade.round(2)

# %% [markdown]
# 표를 오른쪽으로 읽으세요. $D + R$은 β = 1일 때 학습이 줄이려던 바로 그 값이므로 그 가까이에서 작기 쉽습니다. β가 작으면 율을 많이 쓰고, β가 크면 율이 0으로 떨어집니다. **율이 0이라는 것은 코드가 글에 대해 아무 말도 하지 않는다**는 뜻입니다.
#
# *왜 틀릴 수 있을까요?* 시드 하나의 곡선입니다. β 사이의 작은 차이는 초기값의 차이일 수 있습니다. 그리고 시험 글의 $D + R$은 과적합도 함께 담고 있습니다.

# %% [markdown]
# ## 5. 사후 붕괴: 일부러 만들고, 고치기
#
# 글의 디코더는 낱말 주머니와 다릅니다. 앞의 낱말을 보고 다음 낱말을 맞히므로(자기회귀, autoregressive) $z$ **없이도** 글을 꽤 잘 씁니다. 그러면 학습 초기에 아직 쓸모없는 $z$에 율을 쓰느니 0으로 만드는 쪽이 이득이고,
# 한번 $z$를 버린 디코더는 다시 읽을 까닭이 없습니다. 이것이 **사후 붕괴**입니다. 네 가지를 봅니다.
#
# - **KL**(율): $q(z \mid x)$가 사전 분포에서 벗어난 정도의 평균.
# - **활성 차원**(active units): 글마다 $\mu$가 달라지는(분산 > 0.01) 차원의 수.
# - **상호정보량**(mutual information) $I(x; z)$: $z$를 보면 글에 대해 알게 되는 양. KL은 이보다 작을 수 없습니다($R = I(x; z) + \mathrm{KL}(q(z) \Vert p(z))$). 글 n편으로 잰 값은 $\log n$을 넘지 못합니다.
# - **왜곡**: 시험 글의 $-\log p(x \mid z)$.
#
# 어절을 토큰으로 하는 아주 작은 Transformer-VAE(8차원)를 이 자리에서 세 번 학습합니다. 크기와 걸음 수는 같고, 아래의 표에 적은 것이 다릅니다.
#
# | 이름 | 목표 | 디코더의 입력 |
# |---|---|---|
# | 붕괴 | β = 4, KL을 처음부터 모두 손실에 더함 | 앞 낱말을 모두 봄(단어 드롭아웃 0) |
# | 자유 비트 | 차원마다 배치 평균 KL이 1나트를 넘는 만큼만 손실에 더함 | 앞 낱말을 모두 봄 |
# | 율 목표 | 처음에는 40나트까지 벌점이 없고, 목표를 8나트까지 내림. 학습 초기에는 z에서 글의 낱말을 맞히는 보조 손실도 더함 | 앞 낱말의 절반을 가림(단어 드롭아웃 0.5) |

# %%
short = datasets.load("graded-reviews", n=by_profile(smoke=6000, laptop=8000, gpu=8000), seed=0).query("length == 'short'")
sentences = [text.split() for text in short.text.str.replace(r"[^가-힣 ]", "", regex=True)]
number = {word: i + 4 for i, (word, _) in enumerate(Counter(word for words in sentences for word in words).most_common(996))}
numbered = [[number.get(word, 3) for word in words] for words in sentences if words]
lengths = np.array([len(words) for words in numbered], dtype=np.int32)
tiny = data.TokenArray(np.concatenate(numbered).astype(np.uint16), np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32), lengths,
                       np.full(len(lengths), np.nan, np.float32), np.where(np.arange(len(lengths)) % 8 == 0, 2, 0).astype(np.uint8))
plain = Recipe("graded", VAEConfig(vocabulary=1000, latent=8, width=64, heads=2, encoder_layers=1, decoder_layers=1, prefix=1, max_tokens=16),
               steps=by_profile(smoke=100, laptop=150, gpu=600), learning_rate=4e-3, warmup=0.05, ema=0.95, evaluate_every=10**6,
               token_drop=0, word_dropout=0, bag_of_words=0, score_weight=0, weight_decay=0)
TRIALS = {
    "붕괴": replace(plain, rate=0.0, rate_start=0.0, phases=(0, 0, 1), beta=4.0),
    "자유 비트": replace(plain, free_bits=1.0),
    "율 목표": replace(plain, rate=8.0, rate_start=40.0, phases=(0.4, 0.3, 0.3), word_dropout=0.5, bag_of_words=1.0),
}
print(f"어절 3–6개의 글 {len(lengths):,}편, 어휘 1,000, {plain.steps}걸음")

# %% [markdown]
# > **예측해 보세요.** 붕괴한 모델의 왜곡(시험 글의 $-\log p(x \mid z)$)은 다른 두 모델보다 얼마나 클까요?

# %%
predict("11-collapse", choices=["거의 같다(5% 안쪽)", "5% 넘게 크다", "두 배가 넘는다"], mine=None)

# %%
def trained(recipe):
    with tempfile.TemporaryDirectory() as folder:
        return training.train(recipe, tiny, Path(folder), progress=False, device="cpu", compile=False)


tiny_models = {name: trained(recipe) for name, recipe in TRIALS.items()}
tiny_corpus, tiny_test = training.Corpus(tiny, "cpu"), tiny.of(2)
found = {name: training.evaluate(model, TRIALS[name], tiny_corpus, tiny_test) for name, model in tiny_models.items()}
ratio = found["붕괴"]["distortion"] / min(found["자유 비트"]["distortion"], found["율 목표"]["distortion"])
compare("11-collapse", 1 if ratio < 1.05 else 2 if ratio < 2 else 3)
for name, values in found.items():
    print(f"{name}: {training.diagnosis(values, TRIALS[name]).splitlines()[0] if training.diagnosis(values, TRIALS[name]) else '붕괴하지 않았습니다.'}")
print(f"상호정보량은 log({len(tiny_test)}) = {np.log(len(tiny_test)):.2f}나트를 넘을 수 없습니다.")
pd.DataFrame({name: {"KL (나트)": values["rate"], "활성 차원": values["active_units"], "상호정보량 (나트)": values["mutual_information"],
                     "왜곡 (나트)": values["distortion"], "D + R": values["bound"], "다음 낱말 정답률": values["accuracy"]}
              for name, values in found.items()}).T.round(2)

# %%
word_of = {i: word for word, i in number.items()} | {3: "□"}                               # □: 어휘에 없는 어절


def say(ids):
    return " ".join(word_of[int(i)] for i in ids)


rows = []
for i in np.random.default_rng(0).choice(tiny_test, 6, replace=False):
    ids = tiny.tokens[tiny.starts[i]: tiny.starts[i] + tiny.lengths[i]].astype(np.int64)   # (L,)
    with torch.no_grad():
        rows.append({"원래 글": say(ids)} | {name: say(decoding.generate(model, model.encode(torch.tensor(ids)[None])[0])[0])
                                          for name, model in tiny_models.items()})
pd.DataFrame(rows)

# %% [markdown]
# 첫 줄이 붕괴의 모습입니다. KL, 활성 차원, 상호정보량이 함께 0에 가깝습니다. 무서운 것은 손실만 보면 **멀쩡해 보인다**는 점입니다. $D + R$은 붕괴한 쪽이 가장 작을 수도 있습니다. 디코더가 혼자서 언어 모델 노릇을 하기
# 때문입니다. 손실 곡선만 보고 VAE가 잘 배웠다고 말하면 안 되는 까닭입니다.
#
# 복원된 글의 표에서 "붕괴" 열을 아래로 읽어 보세요. 코드가 모두 같으면 디코더는 **어떤 글을 주어도 같은 글**을 냅니다. 나머지 두 열은 글마다 다릅니다. 몇 초 배운 모델이라 원래 글과는 많이 다르지만, $z$에 따라 달라집니다.
#
# 둘째와 셋째 줄을 견주세요. KL이 비슷해도 **상호정보량은 다를 수 있습니다.** KL은 "사전 분포에서 벗어났다"만 재므로, 모든 글의 $\mu$가 같더라도 $\sigma$만 줄이면 오릅니다. 글을 구별하는지는 상호정보량이 말해
# 줍니다.
#
# ### 자유 비트를 바르게
# 자유 비트(free bits)는 차원마다 KL이 $\lambda$나트를 넘지 않으면 벌점을 주지 않습니다. 그런데 "KL"이 **글 하나의 것**인지 **배치의 평균**인지에 따라 다른 목표가 됩니다. 원래의 정의는 배치 평균을 먼저 구하고, 그 평균이
# $\lambda$보다 작으면 $\lambda$로 올립니다.
#
# $$\sum_{j} \max\left(\lambda,\ \frac1B \sum_{i} \mathrm{KL}_{ij}\right)$$
#
# 글마다 먼저 자르면 어떤 글에는 많이, 어떤 글에는 적게 쓰는 자유가 사라집니다. 공개된 구현에서 흔히 보이는 `kl_mask = (kl > λ).float()`을 글마다 곱하는 꼴이 그렇게 합니다.

# %% [markdown]
# ### ✏️ 연습 11-3 (3점): 자유 비트
# 글과 차원마다의 KL `kl`(모양 (B, d))과 문턱 `nats`를 받아 위의 식을 한 수로 돌려주는 `free_bits`를 완성하세요.
#
# <details><summary>힌트 1</summary> 순서: ① 글(axis=0)로 평균 → ② 차원마다 nats와 견주어 큰 쪽 → ③ 차원으로 더하기. </details>
# <details><summary>힌트 2</summary> 배열의 칸마다 큰 쪽을 고르는 함수는 <code>np.maximum</code>입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "11-free-bits", "grade": false, "solution": true, "locked": false, "task": false}
def free_bits(kl, nats):
    ### BEGIN SOLUTION
    batch_mean = kl.mean(axis=0)
    charged = np.maximum(batch_mean, nats)
    return float(charged.sum())
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "11-free-bits-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("11-free-bits", points=3, hint="배치 평균이 먼저입니다: 글로 평균하고, 차원마다 nats와 견주고, 더합니다."):
    some = np.array([[0.0, 3.0], [1.6, 5.0]])
    assert np.isclose(free_bits(some, 1.0), 1.0 + 4.0), "글마다 먼저 자르면 5.3이 됩니다."
    assert np.isclose(free_bits(some, 0.0), some.mean(axis=0).sum()), "문턱이 0이면 그냥 KL입니다."
    assert np.isclose(free_bits(np.zeros((4, 3)), 0.5), 1.5), "벌점이 없는 구간에서도 돌려주는 수는 차원마다 nats입니다."

# %%
uneven = np.random.default_rng(0).exponential(0.8, size=(64, 8))                           # 글마다 쓰는 양이 고르지 않은 KL
right = objective.free_bits(torch.tensor(uneven), 1.0).item()
each_text = np.where(uneven < 1, 1, uneven).sum(axis=1).mean()
print(f"KL의 합 {uneven.sum(axis=1).mean():.2f}나트, 배치 평균을 먼저: {right:.2f}, 글마다 먼저 자르면: {each_text:.2f}")
print(f"배치 평균으로는 문턱 아래인 차원 {np.mean(uneven.mean(axis=0) < 1):.0%}; 그런데 글마다 보면 칸의 {np.mean(uneven > 1):.0%}가 문턱을 넘어 벌점을 받습니다.")

# %% [markdown]
# *왜 틀릴 수 있을까요?* 두 처방은 율의 크기만 지킬 뿐 **무엇을** 담을지는 정하지 않습니다. 문턱을 채운 차원이 글의 길이나 문장 부호만 담을 수도 있습니다. 또 위의 표는 시드 하나, 짧은 학습의 결과입니다. "율 목표가 자유 비트보다 낫다"고
# 말하려면 여러 시드가 있어야 하고, 여기서는 단어 드롭아웃과 보조 손실도 함께 바꾸었으므로 무엇의 덕인지 가릴 수 없습니다. 붕괴는 β = 4로 밀어붙여 만들었습니다. 4절의 낱말 주머니 모델도
# β가 크면 무너지므로 자기회귀만의 탓이 아닙니다. β = 1에서도 무너지는지는 "붕괴"의 `beta`를 1.0으로 바꾸어 확인하세요.

# %% [markdown]
# ## 6. 교실에서 학습하는 Transformer-VAE
#
# 이제 같은 코드로 조금 더 큰 모델(16차원, 별점 1·2·4·5의 리뷰)을 **처음부터** 학습합니다. 처음에는 율을 넉넉히 주어 베끼기를 배우게 하고, 그다음 목표까지 내립니다(레시피 `reviews-class`). 교실의 1분 안에 끝나야 하므로 걸음 수는 적습니다.
# `STEPS`를 늘리면 더 나아집니다.

# %%
STEPS = by_profile(smoke=60, laptop=400, gpu=1000)
with tempfile.TemporaryDirectory() as folder:
    class_vae = train_recipe("reviews-class", Path(folder), steps=STEPS, progress=False)
    corpus, _ = data.prepare(RECIPES["reviews-class"], Path(folder))                       # 위에서 쓴 글을 다시 읽습니다
unseen = pd.DataFrame([{"text": class_vae.tokenizer.decode(corpus.tokens[first: first + n].tolist()), "stars": 3 + 2 * corpus.scores[i]}
                       for i in corpus.of(2) for first, n in [(corpus.starts[i], corpus.lengths[i])]])
measured = class_vae.card["metrics"]["test"]
print(f"{class_vae.card['trained']['reviews']:,}편, {STEPS}걸음, {class_vae.card['trained']['seconds']}초")
if measured["mutual_information"] < 3:
    print("아직 코드로 글을 거의 가리지 못합니다. 아래의 글도 서로 비슷할 것입니다. STEPS를 늘려 다시 학습해 보세요.")
pd.Series({"KL (나트)": measured["rate"], "활성 차원 (16개 가운데)": measured["active_units"], "상호정보량 (나트)": measured["mutual_information"],
           "왜곡 (나트)": measured["distortion"], "다음 토큰 정답률": measured["accuracy"]}, name="시험 글").round(2).to_frame()

# %%
picked = unseen.text.sample(5, random_state=0).tolist()                                    # 시험 부분에서, 고르지 않고
worst, finest = (unseen[unseen.stars == stars].text.sample(1, random_state=0).item() for stars in (1, 5))
path = class_vae.interpolate(worst, finest, t=np.linspace(0, 1, 7))
print(f"{worst}  →  {finest}")
for t, text in zip(np.linspace(0, 1, 7), path):
    print(f"  t = {t:.2f}  {text[:60]}")
pd.DataFrame({"원래 글": picked, "복원된 글": class_vae.reconstruct(picked)})

# %% [markdown]
# 표의 정답률과 복원된 글을 함께 읽으세요. 걸음이 적을수록 복원된 글은 원래 글보다 **흔한 글**에 가깝습니다. 율이 목표보다 한참 높거나 낮다면 아직 배우는 중이라는 뜻입니다. 보간(interpolation)의 첫 글과 마지막 글이 원래의 두 글과 다르다면, 그 사이의
# 글도 두 글의 사이가 아니라 **복원된 두 글의 사이**라는 것을 잊지 마세요.
#
# *왜 틀릴 수 있을까요?* 예문 다섯과 길 하나는 증거가 아니라 보기입니다. 글이 틀(문법)로 만들어져 실제 리뷰보다 훨씬 쉽고, 시험 글도 같은 틀에서 나왔습니다.

# %% [markdown]
# ## 7. 영화 리뷰의 2차원 지도
#
# 이번에는 미리 학습해 둔 모델을 읽습니다. 네이버 영화 리뷰(NSMC)의 긍정·부정 15만 편을 **단 두 수**로 줄이는 Transformer-VAE입니다. 시험 글은 학습에 쓰이지 않은 리뷰입니다. NSMC를 내려받아 두었으면 그것을, 아니면 과정에 든 영화 리뷰를 씁니다.
# 39토큰보다 긴 글을 뺀, 실제로 학습에 쓴 리뷰의 수는 아래 셀이 출력합니다.
#
# 주의할 점이 있습니다. 이 모델은 글만 보고 배우지 않았습니다. z에서 긍정·부정을 맞히는 작은 신경망의 오차를 손실에 함께 넣었습니다(가중치 0.5). 그러므로 아래 지도에서 두 색이 나뉘는 것은 얼마간 시킨 일입니다.
#
# 직접 학습하려면 아래의 `TRAIN`을 `True`로 바꾸세요. NSMC가 있어야 하고, 걸리는 시간은 아래 셀이 출력하는 학습 시간을 참고하세요. 중간에 멈추어도 같은 셀을 다시 실행하면 멈춘 곳부터 이어집니다.

# %%
TRAIN = os.environ.get("LAB_TRAIN") == "1"                                                  # True: 학습합니다, False: 미리 학습한 모델을 읽습니다
movies = train_recipe("movies-2d", steps=by_profile(smoke=150, laptop=5000, gpu=8000)) if TRAIN else shipped("movies-2d")
N = by_profile(smoke=400, laptop=1200, gpu=4000)
real = datasets.available("nsmc")
if real:
    reviews = datasets.load("nsmc", split="test").rename(columns={"document": "text"})
    lessons = datasets.load("nsmc", split="train").rename(columns={"document": "text"}).sample(8000, random_state=0)
else:
    def embedded(seed):
        frame = datasets.load("graded-reviews", n=8000, seed=seed).query("domain == 'movie' and polarity != 3")
        return frame.assign(label=(frame.polarity > 3).astype(int))
    reviews, lessons = embedded(7), embedded(8)
reviews = reviews[reviews.text.str.strip() != ""].sample(N, random_state=0).reset_index(drop=True)
texts, label = reviews.text.tolist(), reviews.label.to_numpy()
length = np.array([len(ids) for ids in movies.tokens(texts)])
mu, sigma = movies.encode(texts)                                                           # (N, 2), (N, 2)
source = "NSMC 시험 부분의 실제 리뷰" if real else "과정에 든 영화 리뷰(NSMC가 없어서). 모델이 배운 글과 결이 다르므로 결과가 더 나쁠 수 있습니다"
if movies.card.get("trained"):
    made, quality = movies.card["trained"], movies.card["metrics"]["test"]
    print(f"모델: 리뷰 {made['reviews']:,}편으로 {made['steps']:,}걸음, {made['seconds'] / 60:.0f}분({made['device']}) 학습, NSMC 시험 부분의 율 {quality['rate']:.1f}나트")
print(f"시험 글: {source}. {N:,}편, 긍정 {label.mean():.0%}")
print(f"μ의 표준편차 {mu.std(axis=0).round(2)}, σ의 중앙값 {np.median(sigma, axis=0).round(3)}")

# %%
neighbours = cKDTree(mu).query(mu, k=16)[1][:, 1:]                                         # (N, 15): 자기를 뺀 이웃
hit = (label[neighbours].mean(axis=1) > 0.5) == label
low, high = evaluation.bootstrap_interval(np.mean, hit)
side = max(np.abs(mu).max() * 1.05, 2.2)
axis_points = np.linspace(-side, side, 80)
plane = np.stack(np.meshgrid(axis_points, axis_points), axis=-1).reshape(-1, 2)            # (6400, 2)


def log_density(points, members):
    """log q̂(z): 글들의 q(z|x)를 평균한 밀도의 로그 (n,)"""
    scaled = (points[:, None] - mu[members]) / sigma[members]                              # (n, m, 2)
    return logsumexp(-0.5 * (scaled**2).sum(-1) - np.log(sigma[members]).sum(-1) - np.log(2 * np.pi), axis=1) - np.log(len(members))


half, other = np.arange(N) % 2 == 0, np.arange(N) % 2 == 1
members = np.flatnonzero(half)
floor = np.quantile(log_density(mu[other], members), 0.01)                                 # 시험 글의 1%만 이보다 낮습니다
prior_points = np.random.default_rng(0).normal(size=(2000, 2))
empty = np.mean(log_density(prior_points, members) < floor)
background = log_density(plane, members).reshape(80, 80)

fig, axis = plt.subplots(figsize=(7, 5.6), layout="constrained")
image = axis.pcolormesh(axis_points, axis_points, np.maximum(background, floor - 4), cmap="Greys", vmax=background.max() + 6, rasterized=True)
for value, colour, name in ((0, "#D55E00", "부정"), (1, "#0072B2", "긍정")):
    axis.plot(*mu[label == value].T, ".", markersize=4, alpha=0.6, color=colour, label=name)
axis.add_patch(plt.Circle((0, 0), 2, fill=False, linestyle="--", color="#009E73", label="사전 분포의 86%"))
axis.legend(markerscale=2, loc="upper right")
axis.set(xlabel="$z_1$", ylabel="$z_2$", title="시험 리뷰의 코드와 밀도")
fig.colorbar(image, ax=axis, label="log q̂(z)")
show(fig, alt=f"리뷰 {N:,}편의 2차원 코드를 긍정과 부정으로 칠한 산점도. 가까운 이웃 15편의 다수결로 {hit.mean():.0%}가 맞고, 사전 분포의 {empty:.1%}가 빈 곳이다.")
print(f"이웃 15편의 다수결로 긍정·부정을 맞히는 비율 {hit.mean():.3f} [{low:.3f}, {high:.3f}] (우연 {max(label.mean(), 1 - label.mean()):.3f})")
print(f"사전 분포에서 뽑은 점 가운데 빈 곳(시험 글의 99%보다 밀도가 낮은 자리)에 떨어지는 비율: {empty:.1%}")

# %% [markdown]
# 첫 줄은 지도의 **자리만** 보고 긍정·부정을 얼마나 맞히는지, 둘째 줄은 VAE의 지도에도 빈 곳이 얼마나 남았는지 말해 줍니다. 모델은 KL로 코드를 사전 분포 쪽으로 당기지만, 율을
# 목표만큼 쓰는 것을 허락했으므로 사전 분포를 빈틈없이 덮는다는 보장은 없습니다. 점선 원은 사전 분포의 점 86%가 드는 자리(반지름 2)입니다.
#
# *왜 틀릴 수 있을까요?* q̂(z)는 시험 글의 절반으로 지었습니다. 글이 많을수록 틈이 메워져 빈 곳의 비율은 줄어듭니다. 배경의 격자는 구름의 σ보다 성기므로 흰 얼룩을 모두 빈 곳으로 읽지 마세요.
#
# ### 문장의 지도
# 지도의 격자점을 하나씩 글로 바꿉니다(코드의 분위수 자리, 탐욕적 디코딩, greedy decoding). 파란 칸은 코드들이 있는 자리, 점선을 두른 주황 칸은
# 위에서 정한 빈 곳입니다.

# %%
def shown(text, width=13):
    """글꼴에 없을 수 있는 글자를 가리고 두 줄로 나눈 글"""
    text = re.sub(r"[^ -~가-힣ㄱ-ㅣ]", "·", text) or "(빈 글)"
    return "\n".join([text[:width], text[width: 2 * width - 1] + ("…" if len(text) > 2 * width - 1 else "")]).strip()


columns, rows_of_map = np.quantile(mu[:, 0], (0.05, 0.3, 0.5, 0.7, 0.95)), np.quantile(mu[:, 1], (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95))
lattice = np.array([[a, b] for b in rows_of_map[::-1] for a in columns])                   # (35, 2)
decoded = movies.decode(lattice)
fig, axis = plt.subplots(figsize=(12, 6.5))
axis.axis("off")
axis.set(xlim=(-0.5, 4.5), ylim=(-0.5, 6.5), title="지도의 격자점에서 나온 글 (오른쪽으로 $z_1$, 위로 $z_2$가 커집니다)")
for i, text in enumerate(decoded):
    place = (i % 5, 6 - i // 5)
    known = log_density(lattice[[i]], members)[0] >= floor
    axis.text(*place, shown(text), ha="center", va="center", fontsize=10, parse_math=False,
              bbox={"boxstyle": "round,pad=0.3", "facecolor": "#E8F1F8" if known else "#F6E3D5",
                    "edgecolor": "#555555", "linewidth": 0.7,
                    "linestyle": "-" if known else "--"})
show(fig, alt=f"격자점 {len(decoded)}곳에서 나온 글의 지도. 서로 다른 글은 {len(set(decoded))}가지이고, 빈 곳(점선 칸)은 {sum(log_density(lattice, members) < floor)}곳이다.")
thousand = movies.decode(np.random.default_rng(0).normal(size=(by_profile(smoke=100, laptop=300, gpu=1000), 2)))
spread = np.array([len(ids) for ids in movies.tokens(thousand)])
print(f"사전 분포에서 뽑은 점 {len(thousand)}개: 서로 다른 글 {len(set(thousand))}가지, 길이 중앙값 {np.median(spread):.0f}토큰 (시험 글은 {np.median(length):.0f}토큰)")

# %% [markdown]
# 가까운 칸의 글이 얼마나 비슷한지 눈으로 훑고, 서로 다른 글이 몇 가지인지 숫자로 확인하세요. 나온 글의 길이가 시험 글보다 짧다면 디코더가 **흔하고 짧은 글**을 내놓기 때문일 수 있습니다. 같은 말이 되풀이되면 탐욕적 디코딩이 헛도는 것입니다. 자리 하나에 수많은 긴 글이 겹쳐 있을 때 가장 그럴듯한 한 문장은
# 짧고 무난한 말입니다(VAE의 흐릿함, blur).

# %% [markdown]
# ### 짧은 글과 긴 글
# > **예측해 보세요.** 코드 $\mu$를 주고 다음 토큰을 맞히는 정답률은 짧은 글과 긴 글 가운데 어느 쪽이 높을까요?

# %%
predict("11-length", choices=["짧은 글", "긴 글", "차이의 구간이 0을 포함한다"], mine=None)

# %%
fits = length < 39                                                                          # 모델이 통째로 담는 글만
numbers = np.flatnonzero(fits & (length > 0))[: by_profile(smoke=200, laptop=600, gpu=3000)]
some_texts, some_codes, some_length = [texts[i] for i in numbers], mu[numbers], length[numbers]
swapped = some_codes[np.random.default_rng(0).permutation(len(numbers))]                   # 대조군: 다른 글의 코드
kl = 0.5 * (mu**2 + sigma**2 - 1 - 2 * np.log(sigma)).sum(axis=1)                           # (N,): 글마다의 율
nats, accuracy = movies.log_likelihood(some_texts, some_codes)
nats_swapped, accuracy_swapped = movies.log_likelihood(some_texts, swapped)
again = movies.decode(some_codes)
copied = np.array([a == b for a, b in zip(some_texts, again)])
EDGES = ((1, 5), (6, 10), (11, 18), (19, 38))
rows, groups = [], []
for first, last in EDGES:
    here = (some_length >= first) & (some_length <= last)
    if here.sum() < 10:
        continue
    low, high = evaluation.bootstrap_interval(np.mean, accuracy[here])
    gain = nats[here] - nats_swapped[here]
    g_low, g_high = evaluation.bootstrap_interval(np.mean, gain)
    groups.append(accuracy[here])
    rows.append({"길이(토큰)": f"{first}–{last}", "글": int(here.sum()), "율(나트)": f"{kl[numbers][here].mean():.1f}",
                 "토큰 정답률 [95%]": f"{accuracy[here].mean():.3f} [{low:.3f}, {high:.3f}]",
                 "남의 코드로": f"{accuracy_swapped[here].mean():.3f}",
                 "제 코드의 이득(나트/글) [95%]": f"{gain.mean():.2f} [{g_low:.2f}, {g_high:.2f}]",
                 "토큰마다(나트)": f"{gain.mean() / (some_length[here] + 1).mean():.2f}", "똑같이 복원됨": f"{copied[here].mean():.1%}"})
gaps = np.array([np.mean(rng.choice(groups[0], len(groups[0]))) - np.mean(rng.choice(groups[-1], len(groups[-1]))) for _ in range(1000)])
low, high = np.quantile(gaps, (0.025, 0.975))                                              # 두 묶음을 따로 다시 뽑은 차이의 구간
compare("11-length", 1 if low > 0 else 2 if high < 0 else 3)
print(f"가장 짧은 글 − 가장 긴 글의 정답률: {groups[0].mean() - groups[-1].mean():+.3f} [{low:+.3f}, {high:+.3f}]")
pd.DataFrame(rows).set_index("길이(토큰)")

# %%
order = np.argsort(some_length, kind="stable")
chosen_texts = [*order[:4], *order[-4:]]                                                   # 가장 짧은 넷과 가장 긴 넷
pd.DataFrame({"토큰": some_length[chosen_texts], "원래 글": [some_texts[i] for i in chosen_texts], "복원된 글": [again[i] for i in chosen_texts]})

# %% [markdown]
# 정답률만 보면 안 됩니다. 앞의 참 토큰을 알려 주며 재므로, 코드가 아무 말을 하지 않아도 언어 모델만으로 꽤 맞힙니다. 그래서 **남의 코드**를 준 대조군을 옆에 두었습니다. "제 코드의 이득"은 남의 코드보다 제 코드가 얼마나 나은지이고,
# 이것을 글의 길이로 나눈 것이 "토큰마다"입니다. 틀린 코드가 끼친 손해까지 들어 있어 율보다 클 수 있으므로, 알려 준 나트 수로 읽으면 안 됩니다. 긴 글에서 토큰마다의 값이 작아지는지 표에서 확인하세요. 커진다면 틀린 코드의 손해가
# 토큰마다 쌓인 탓일 수 있습니다. 마지막 열, 글자 하나까지 똑같이 복원된 비율과 견주어 보세요.
#
# *왜 틀릴 수 있을까요?* 긴 글일수록 앞에서 알려 준 토큰이 많아 정답률이 저절로 오르기도 합니다. 글의 길이마다 말투와 내용도 다르므로, 차이가 길이 때문이라고만 말할 수는 없습니다.

# %% [markdown]
# ## 8. 두 수에 몇 나트가 들어갈까요
#
# 글 15만 편을 하나하나 가려내려면 $\log 150{,}000$나트가 있어야 합니다. 2차원 모델의 율은 $\mu$와 $\sigma$에서 바로 나옵니다.
#
# 실수 두 개에는 원리상 얼마든지 담을 수 있습니다. 양을 정하는 것은 **잡음**입니다. 코드 전체가 $\mathcal N(0, I)$처럼 퍼져 있으면 $R \approx -\sum_j \log \sigma_j$입니다. 두 σ가 모두 0.02라면 약 7.8나트입니다(7절에서 본 σ를 넣어 아래의
# 율과 견주어 보세요). 15만 편을 가리려면 σ가 0.0026쯤이어야 하고, 디코더는 그만큼 가까운 두 점에서 서로 다른 글을 내야 합니다. 이 모델은 목표를 8나트로 정해 학습했습니다.
# $I(x; z)$나트의 정보로는 대략 $e^{I}$곳을 구별합니다. $R \ge I$이므로 $e^R$은 그 상한의 어림입니다.
#
# 직접 해 봅니다. 글 n편의 코드를 적어 둔 주소록에서, $q(z \mid x)$에서 **뽑은** $z$만 보고 어느 글인지 맞힙니다.

# %%
needed = np.log(150_000)
low, high = evaluation.bootstrap_interval(np.mean, kl)
torch.manual_seed(0)
information = training.mutual_information(torch.tensor(mu), torch.tensor(2 * np.log(sigma)))
print(f"15만 편을 가려내는 데 필요한 양: log(150,000) = {needed:.2f}나트")
print(f"모델의 율: {kl.mean():.2f} [{low:.2f}, {high:.2f}]나트 → 구별되는 자리 많아야 약 {np.exp(kl.mean()):,.0f}곳, 15만 자리의 {np.exp(kl.mean() - needed):.2%}")
print(f"−Σ log σ로 어림한 율: {-np.log(sigma).sum(axis=1).mean():.2f}나트")
print(f"상호정보량(글 {min(N, 2000):,}편으로): {information:.2f}나트 (상한 log n = {np.log(min(N, 2000)):.2f})")

draws = mu + sigma * np.random.default_rng(0).normal(size=mu.shape).astype(np.float32)
rows = []
for n in sorted({50, 150, 400, N}):
    book = np.random.default_rng(1).permutation(N)[:n]
    log_q = -0.5 * (((draws[book][:, None] - mu[book]) / sigma[book]) ** 2).sum(-1) - np.log(sigma[book]).sum(-1)   # (n, n)
    found = log_q.argmax(axis=1) == np.arange(n)
    low, high = evaluation.bootstrap_interval(np.mean, found)
    rows.append({"글의 수 n": n, "필요한 나트 log n": round(np.log(n), 2), "제 글을 맞힌 비율 [95%]": f"{found.mean():.0%} [{low:.0%}, {high:.0%}]"})
pd.DataFrame(rows).set_index("글의 수 n")

# %% [markdown]
# 표를 아래로 읽으세요. 글이 많아질수록 주소가 겹쳐 맞히는 비율이 떨어집니다. 위의 율이 $\log 150{,}000$보다 작다면 15만 편의 **주소조차** 다 담을 수 없고, 모자란 만큼은 글 여럿이 한 자리를 나누어 쓴다는 뜻입니다. 그러니 이 모델에서 "코드는 글의
# 요약"이 아니라 "코드는 글이 속한 **동네**"입니다. 2차원 지도는 눈으로 보는 데에 좋고, 글을 복원하는 데에는 맞지 않습니다. 12강에서는 64차원을 씁니다.
#
# *왜 틀릴 수 있을까요?* 주소를 담는 것과 글을 **새로 쓰는** 것은 다릅니다. 디코더가 15만 편을 외우고 있어야 주소만으로 복원할 수 있고, 처음 보는 글에는 $\log 150{,}000$보다 훨씬 많은 나트가 듭니다. 그래서 이 셈은 가장 너그러운 셈입니다.
# 또 학습 시드가 하나이므로 다른 시드의 지도에서는 숫자가 달라질 수 있습니다.

# %% [markdown]
# ## 9. 첫 보간: 부정에서 긍정으로
#
# 두 코드를 잇는 선분 $z_t = (1 - t)\,z_A + t\,z_B$ 위의 점을 글로 바꿉니다. 부정 글 하나와 긍정 글 하나를 **무작위로**(시드 0) 뽑아 쌍을 이루며, 마음에 드는 쌍을 고르지 않습니다.
#
# > **예측해 보세요.** 나온 글을 다른 분류기에게 읽히면, t = 0.5의 글 가운데 "긍정일 확률"이 0.35–0.65인 것은 얼마나 될까요?

# %%
predict("11-middle", choices=["절반이 넘는다", "1/4에서 절반", "1/4보다 적다"], mine=None)

# %%
rng = np.random.default_rng(0)
PAIRS, t = by_profile(smoke=30, laptop=100, gpu=500), np.linspace(0, 1, 9)
small = length <= 18
negative, positive = (rng.choice(np.flatnonzero((label == value) & small), PAIRS) for value in (0, 1))
line = np.stack([interpolation.linear(mu[a], mu[b], t) for a, b in zip(negative, positive)])  # (PAIRS, 9, 2)
walk = np.array(movies.decode(line.reshape(-1, 2)), dtype=object).reshape(PAIRS, len(t))
for a, b, sentences_on_path in zip(negative[:3], positive[:3], walk[:3]):
    print(f"[{texts[a][:60]}]  →  [{texts[b][:60]}]")
    for place, sentence in zip(t, sentences_on_path):
        print(f"   t = {place:.3f}  {sentence[:60]}")

# %% [markdown]
# 보기 셋으로는 아무 말도 할 수 없습니다. 모든 쌍에서 재어 봅시다. 점수는 $z$가 아니라 **나온 글**에서 읽습니다. $z$에 로지스틱 회귀를 얹으면 어떤 인코더에서든(학습하지 않은 것에서도) 직선 위의 확률은 매끈한 S자의 한 토막이 되기 때문입니다(12강에서 봅니다).
# 글의 점수는 다른 리뷰로 학습한 글자 n-그램(n-gram) 분류기가 매깁니다.

# %%
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

judge = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=20_000, sublinear_tf=True),
                      LogisticRegression(C=4, max_iter=300))
judge.fit(lessons.text, lessons.label)
right = judge.predict(texts) == label
low, high = evaluation.bootstrap_interval(np.mean, right)
print(f"분류기의 정확도(시험 글): {right.mean():.3f} [{low:.3f}, {high:.3f}]")
score = judge.predict_proba(walk.ravel())[:, 1].reshape(walk.shape)                        # (PAIRS, 9): 긍정일 확률
jump = np.abs(np.diff(score, axis=1)).max(axis=1)
kinds = np.array([len(set(path)) for path in walk])
middle = score[:, len(t) // 2]
unsure = (middle > 0.35) & (middle < 0.65)
copies_end = np.array([path[len(t) // 2] in (path[0], path[-1]) for path in walk])
for name, values in (("t = 0의 점수", score[:, 0]), ("t = 0.5의 점수", middle), ("t = 1의 점수", score[:, -1]), ("전체 변화 |끝 − 처음|", np.abs(score[:, -1] - score[:, 0])),
                     ("한 걸음의 가장 큰 변화", jump),
                     ("길 위의 서로 다른 글(9 가운데)", kinds), ("가운데 글의 점수가 0.35–0.65", unsure), ("가운데 글이 양끝의 하나와 같음", copies_end)):
    low, high = evaluation.bootstrap_interval(np.mean, values)
    print(f"{name}: {np.mean(values):.2f} [{low:.2f}, {high:.2f}]")
compare("11-middle", 1 if unsure.mean() > 0.5 else 2 if unsure.mean() >= 0.25 else 3)

half_way = walk[:, len(t) // 2].tolist()
push = judge[0].transform(half_way).multiply(judge[1].coef_[0]).tocsr()                    # (PAIRS, n-그램): n-그램마다 민 힘
up, down = np.asarray(push.maximum(0).sum(axis=1)).ravel(), -np.asarray(push.minimum(0).sum(axis=1)).ravel()
clash = np.minimum(up, down)                                                               # 두 힘이 모두 클 때만 큽니다
low, high = evaluation.bootstrap_interval(np.mean, clash)
ends_push = judge[0].transform(walk[:, [0, -1]].ravel()).multiply(judge[1].coef_[0]).tocsr()
ends_clash = np.minimum(np.asarray(ends_push.maximum(0).sum(axis=1)).ravel(), -np.asarray(ends_push.minimum(0).sum(axis=1)).ravel())
e_low, e_high = evaluation.bootstrap_interval(np.mean, ends_clash.reshape(-1, 2).mean(axis=1))
print(f"두 힘 가운데 작은 쪽: 가운데 글 {clash.mean():.2f} [{low:.2f}, {high:.2f}], 두 끝의 글 {ends_clash.mean():.2f} [{e_low:.2f}, {e_high:.2f}]")
pd.DataFrame({"가운데 글": half_way[:8], "긍정일 확률": score[:8, len(t) // 2], "긍정 쪽 힘": up[:8], "부정 쪽 힘": down[:8]}).round(2)

# %%
band = np.array([evaluation.bootstrap_interval(np.mean, column_of_scores) for column_of_scores in score.T])  # (9, 2)
fig, axis = plt.subplots(figsize=(7, 4))
axis.plot(t, score[:25].T, color="#999999", linewidth=0.6, alpha=0.6)
axis.fill_between(t, *band.T, alpha=0.3)
axis.plot(t, score.mean(axis=0), "o-", label=f"평균 ({PAIRS}쌍)")
axis.plot([], [], color="#999999", linewidth=0.6, label="쌍 하나하나 (25쌍)")
axis.legend(loc="upper left")
axis.set(xlabel="t (0: 부정 글, 1: 긍정 글)", ylabel="나온 글이 긍정일 확률", title="평균은 매끈해도 길 하나하나는 뜁니다", ylim=(0, 1))
show(fig, alt=f"보간의 위치 t와 나온 글이 긍정일 확률. 평균은 {score[:, 0].mean():.2f}에서 {score[:, -1].mean():.2f}로 가고, 쌍마다 가장 크게 뛰는 한 걸음의 평균은 {jump.mean():.2f}이다.")

# %% [markdown]
# **평균 곡선에 속지 마세요.** 뛰는 자리가 쌍마다 다르면 평균은 저절로 매끈해집니다. 그래서 "한 걸음의 가장 큰 변화"와 "길 위의 서로 다른 글의 수"를 함께 적었습니다. 고르게 변한다면 한 걸음은 전체 변화의 8분의 1이어야 합니다.
#
# 가운데의 글을 보세요. 한가운데의 점수가 0.5 가까이라고 해서 "보통이에요"라고 말하는 글은 아닙니다. 긍정의 말과 부정의 말이 한 문장에서 **부딪쳐도**, 감정이 없는 짧은 말이어도 0.5가 나옵니다. 위의 표에서 두 힘이 모두 크면 충돌(clash)이고, 모두 작으면 "모름"입니다. 이 모델은 긍정과 부정만 배웠고, 보통이라고 말하는 리뷰는 (NSMC를
# 만들 때 빠졌으므로) 본 적이 없습니다. 가운데가 정말 가운데인지 알려면 **가운데의 참 글**이 있어야 합니다. 12·13강에서는 별점 3점을 감추어 두었다가 견줍니다.
#
# *왜 틀릴 수 있을까요?* 분류기도 틀립니다(정확도를 위에 적었습니다). 과정에 든 리뷰로 배운 분류기라면 실제 리뷰의 말투에는 더 약합니다. 처음 보는 이상한 글에는 0.5에 가까운 점수를 주기 쉬운데, 그것은 "보통"이 아니라 "모름"입니다. 양끝의 점수가 0과 1에서 멀다면 끝의 글부터 이미 제 글이 아니라는 뜻이니, 가운데를
# 말하기 전에 그것부터 보아야 합니다. 긴 글은 복원되지 않으므로 18토큰까지의 글만 썼습니다.

# %% [markdown]
# ## 10. 퀴즈

# %%
quiz("11-q-elbo", "ELBO와 log p(x)의 차이는 무엇입니까?", choices=[
    "KL(q(z|x)‖p(z))", "KL(q(z|x)‖p(z|x))", "왜곡 D"], answer=2,
     why="log p(x) = ELBO + KL(q(z|x)‖p(z|x))입니다. 사전 분포와의 KL은 ELBO 안에 든 율입니다.")

# %%
quiz("11-q-kl", "1차원에서 μ = 2, σ² = 1이면 KL(q‖N(0, 1))은 몇 나트입니까?", digits=1, answer=2.0,
     why="½(μ² + σ² − 1 − log σ²) = ½(4 + 1 − 1 − 0) = 2입니다.")

# %%
quiz("11-q-collapse", "KL은 6나트인데 상호정보량이 0.1나트입니다. 무슨 일이 생겼을까요?", choices=[
    "z가 글을 잘 구별한다", "모든 글의 q(z|x)가 사전 분포와 다르지만 서로는 같다", "계산이 틀렸다: 둘은 언제나 같다"], answer=2,
     why="R = I(x; z) + KL(q(z)‖p(z))입니다. 모든 글이 같은 좁은 구름을 쓰면 율은 크지만 z를 보아도 글을 알 수 없습니다.")

# %%
quiz("11-q-nats", "글 1,000편을 하나하나 가려내려면 적어도 몇 나트가 있어야 합니까?", digits=1, answer=6.9,
     why="log 1000 ≈ 6.9나트입니다. 밑은 e입니다.")

# %%
quiz("11-q-hole", "오토인코더의 코드가 놓이지 않은 자리에서 엉뚱한 글이 나와도 학습이 고치지 못하는 까닭은?", choices=[
    "차원이 낮아서", "그 자리의 출력은 손실에 들어가지 않아서", "디코더가 작아서"], answer=2,
     why="손실은 코드가 놓인 자리에서만 계산됩니다. VAE는 잡음으로 그 둘레까지 손실에 넣습니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 오토인코더는 코드가 놓인 자리만 배웁니다. VAE는 점 대신 구름을 배우고 구름을 사전 분포 쪽으로 모아 빈 곳을 줄입니다. 얼마나 줄었는지는 재어 보아야 합니다.
# - $\log p(x) = \mathrm{ELBO} + \mathrm{KL}(q(z \mid x) \Vert p(z \mid x))$이고, ELBO는 왜곡과 율의 합에 음의 부호를 붙인 것입니다.
# - 잡음을 밖으로 빼면(재매개변수화) 뽑기를 지나 기울기가 흐릅니다. 정규분포의 KL은 식으로 계산하고, 표본과 표준오차로 확인합니다.
# - 사후 붕괴는 손실에서 보이지 않습니다. KL, 활성 차원, 상호정보량을 함께 보세요. 자유 비트는 배치 평균이 먼저입니다.
# - 목표 8나트로 배운 이 2차원 모델에는 15만 편의 주소(11.9나트)가 다 담기지 않습니다. 2차원 지도는 그림이지 저장소가 아닙니다. 보간은 무작위의 쌍 여럿에서, 나온 글의 점수와 가장 큰 도약을 함께 적습니다.
#
# ## 더 나아가
# - Kingma & Welling(2014), *Auto-Encoding Variational Bayes*: VAE를 제안한 논문. KL의 식은 부록 B에 있습니다.
# - Bowman et al.(2016), *Generating Sentences from a Continuous Space*: 글의 VAE, 사후 붕괴, KL 담금질(annealing)과 단어 드롭아웃.
# - Kingma et al.(2016): 자유 비트. 배치 평균을 차원(묶음)마다 자릅니다.
# - Hoffman & Johnson(2016), *ELBO surgery*: 율을 상호정보량과 $\mathrm{KL}(q(z) \Vert p(z))$로 나눕니다.
# - Alemi et al.(2018), *Fixing a Broken ELBO*: 율과 왜곡의 곡선으로 모델을 고릅니다.
# - Burda, Grosse & Salakhutdinov(2016): 중요도 가중 하한과 활성 차원.
#
# 다음: [12 Transformer-VAE와 보간](12_transformer_vae_interpolation.ipynb)
