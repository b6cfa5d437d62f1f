# %% [markdown]
# # 07 · 문맥 임베딩: 문장마다 달라지는 벡터
#
# > *English summary. One vector per word cannot hold two senses. We build attention by hand, check it against PyTorch, assemble a Transformer
# > encoder layer and match it to the first layer of a small Korean BERT, compare bidirectional with causal masks, and train a masked language model
# > in class. Then we measure which senses contextual vectors separate, against fair static rivals, layer by layer, and what attention maps do not explain.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 셀프 어텐션(self-attention)을 손으로 계산하고, $\sqrt d$로 나누는 까닭을 재어서 설명합니다.
# - 트랜스포머(Transformer) 인코더 층을 조립해 실제 모델의 첫 층과 같은 값을 냅니다.
# - 양방향 마스크와 인과 마스크가 무엇을 바꾸는지, 마스크 언어 모델(masked language model)이 어떻게 배우는지 보입니다.
# - 정적 벡터(static vector)와 문맥 벡터(contextual vector)를 다의어로 견주되, 공정한 상대와 섞은 이름표를 함께 둡니다.
# - 층마다 무엇이 읽히는지, 어텐션 지도(attention map)에서 읽어도 되는 것과 안 되는 것이 무엇인지 가립니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 150분쯤 걸립니다.
#
# **앞선 내용.** [02 PMI와 SVD](02_pmi_and_svd.ipynb)의 낱말 벡터와 구간, [03 Word2Vec](03_word2vec.ipynb)의 소프트맥스와 경사하강법, [05 의미의 기하](05_geometry.ipynb)의 등방성,
# [06 부분 단어](06_subwords_and_bias.ipynb)의 토크나이저.

# %% tags=["imports"]
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from lab_utils import by_profile, check, compare, predict, quiz, show, summary
from lab_utils import contextual, cooccurrence, datasets, evaluation, geometry, pmi, similarity, svd, tokenization

# %% [markdown]
# ## 1. 낱말 하나에 벡터 하나
#
# 지금까지의 벡터는 **정적**입니다. 낱말마다 하나씩이고, 어느 문장에 있든 같습니다. 그런데 `배`는 과일이고, 탈것이고, 몸의 한 부분입니다. 영어의 *bank*는 *bank account*에서는 은행이고 *the bank of
# the river*에서는 강둑입니다. Word2Vec과 GloVe는 이 모두에 벡터를 하나만 줍니다.
#
# 이 과정의 백과사전에는 여섯 낱말의 뜻 열셋에 뜻을 적어 둔 문장이 198개 있습니다. 같은 말뭉치에서 만든 정적 벡터(PPMI + SVD, 02강)의 이웃이 어느 뜻의 것인지 봅시다. 뜻이 적힌 문장 가운데 한 가지 뜻의 문장에만
# 나오는 이웃에는 그 뜻을 붙였습니다.
#
# > **예측해 보세요.** 여섯 낱말 가운데 이웃 20개에 두 가지 뜻 이상이 섞여 있는 낱말은 몇 개일까요?

# %%
predict("07-mixed", choices=["0~2개", "3~4개", "5~6개"], mine=None)

# %%
CONTENT = ("NN", "VV", "VA")                                                         # 명사와 용언
encyclopedia = datasets.load("encyclopedia")
content = list(tokenization.morphemes(encyclopedia.sentence, keep=CONTENT, cache="encyclopedia-content", progress=False))
polysemy = pd.read_csv(datasets.fetch("encyclopedia").parent / "polysemy.tsv", sep="\t")
place_of = {sentence: i for i, sentence in enumerate(encyclopedia.sentence)}
polysemy_tokens = [content[place_of[sentence]] for sentence in polysemy.sentence]

counts, vocabulary = cooccurrence.count_cooccurrences(content, window=5, min_count=3)
U, S, _ = svd.truncated_svd(pmi.ppmi(counts, smoothing=0.75), k=100)
static = svd.word_vectors(U, S)                                                      # (V, 100)

WORDS = list(polysemy.word.unique())
rows = []
for word in WORDS:
    mine = polysemy.word == word
    senses_of = {}
    for sense, found in zip(polysemy.sense[mine], np.array(polysemy_tokens, dtype=object)[mine]):
        for token in found:
            senses_of.setdefault(token, set()).add(sense)
    neighbours = [n for n, _ in similarity.nearest(static, vocabulary, word, n=20)]
    told = {n: next(iter(senses_of[n])) for n in neighbours if len(senses_of.get(n, ())) == 1}
    rows.append({"낱말": word, "뜻": "·".join(polysemy.sense[mine].unique()), "이웃에 섞인 뜻": len(set(told.values())),
                 "뜻을 알아볼 수 있는 이웃": ", ".join(f"{n}({s})" for n, s in told.items())})
mixed = sum(row["이웃에 섞인 뜻"] >= 2 for row in rows)
compare("07-mixed", 1 if mixed <= 2 else 2 if mixed <= 4 else 3)
pd.DataFrame(rows).set_index("낱말")

# %% [markdown]
# 한 벡터의 이웃에 여러 뜻이 섞여 있으면, 그 벡터는 여러 문맥의 **평균**입니다. 어느 문장에서 꺼내도 같은 벡터이므로, 이 벡터만 보고 그 문장에서의 뜻을 가리는 일은 **원리상 불가능**합니다. 한 가지 뜻만 보이는 낱말도
# 다른 뜻이 이긴 것이지 갈라진 것이 아닙니다.
#
# 필요한 것은 두 가지입니다. 문장마다 벡터를 **새로 계산**할 것. 그때 둘레의 낱말을 **골라서** 섞을 것. 두 번째를 하는 장치가 어텐션입니다.
#
# *왜 틀릴 수 있을까요?* 이웃이 섞였다는 것은 "이 벡터가 쓸모없다"는 뜻이 아닙니다. 한 뜻이 압도적으로 잦은 낱말에는 정적 벡터로 충분합니다. 또 둘레 낱말의 정적 벡터를 **평균**하기만 해도 뜻을 꽤 알 수 있습니다.
# 문맥 벡터가 그보다 나은지는 8절에서 잽니다.

# %% [markdown]
# ## 2. 어텐션을 손으로: 묻고, 견주고, 섞기
#
# 문장의 토큰마다 벡터 $x_i$(길이 $d$)가 있습니다. 토큰 $i$의 새 벡터는 모든 토큰의 가중 평균이고, 무게는 **내용을 보고** 정합니다. 그래서 벡터마다 세 가지 역할을 따로 만듭니다.
#
# - **질의**(query) $q_i = x_i W_Q$: 나는 무엇을 찾는가
# - **키**(key) $k_j = x_j W_K$: 나는 무엇을 가졌는가
# - **값**(value) $v_j = x_j W_V$: 뽑히면 무엇을 넘겨주는가
#
# $$\alpha_{ij} = \frac{\exp(q_i \cdot k_j / \sqrt{d_k})}{\sum_{j'} \exp(q_i \cdot k_{j'} / \sqrt{d_k})}, \qquad o_i = \sum_j \alpha_{ij}\, v_j$$
#
# 03강의 소프트맥스가 다시 나왔습니다. 그때는 어휘에서 골랐고, 이번에는 **문장 안의 토큰**에서 고릅니다. 질의, 키, 값이 모두 같은 문장에서 나오므로 *셀프* 어텐션입니다.
#
# 장난감으로 해 봅시다. 벡터의 네 칸은 [과일, 몸, 달다, 아프다]입니다. `배`는 과일이면서 몸입니다. 질의 행렬은 "과일이라면 *달다*를, 몸이라면 *아프다*를 찾아라", 값 행렬은 "*달다*는 과일 쪽으로, *아프다*는 몸 쪽으로
# 밀어라"라고 손으로 적었습니다. 실제 모델에서는 이런 행렬을 배웁니다.

# %%
def softmax(scores):
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def one_head(x, W_query, W_key, W_value):
    """x (T, d) → 섞인 값 (T, d_v), 무게 (T, T)"""
    queries, keys, values = x @ W_query, x @ W_key, x @ W_value
    weights = softmax(queries @ keys.T / np.sqrt(keys.shape[1]))
    return weights @ values, weights


TOY = {"배": [1, 1, 0, 0], "가": [0, 0, 0, 0], "달다": [0, 0, 1, 0], "아프다": [0, 0, 0, 1]}
TOY_QUERY = np.array([[2.0, 0], [0, 2], [0, 0], [0, 0]])
TOY_KEY = np.array([[0.0, 0], [0, 0], [2, 0], [0, 2]])
TOY_VALUE = np.array([[0.0, 0, 0, 0], [0, 0, 0, 0], [1, -1, 0, 0], [-1, 1, 0, 0]])
shown = []
for last in ("달다", "아프다"):
    words = ["배", "가", last]
    x = np.array([TOY[w] for w in words], dtype=float)
    out, weights = one_head(x, TOY_QUERY, TOY_KEY, TOY_VALUE)
    shown.append({"문장": " ".join(words), **{f"배 → {w}": round(a, 3) for w, a in zip(("배", "가", "마지막 낱말"), weights[0])},
                  "배의 새 벡터 (x + o)": (x[0] + out[0]).round(2).tolist()})
pd.DataFrame(shown).set_index("문장")

# %% [markdown]
# 같은 `배`에서 출발했는데, 곁에 무엇이 있느냐에 따라 과일 쪽으로도 몸 쪽으로도 갔습니다. 손계산으로 따라가 보세요. `배`의 질의는 (2, 2), `달다`의 키는 (2, 0)이므로 내적은 4, $\sqrt 2$로 나누면 2.83입니다. 나머지 둘은 0이므로
# 무게는 $e^{2.83} / (e^{2.83} + 2) = 0.894$입니다.
#
# ### 왜 $\sqrt d$로 나눌까요
# 질의와 키의 칸이 서로 독립이고 평균이 0, 분산이 1이라면 내적은 그런 수 $d$개의 합이므로 분산이 $d$, 표준편차가 $\sqrt d$입니다. 점수가 크게 벌어지면 소프트맥스는 한 토큰만 고르고, 그러면 기울기가 사라집니다.
#
# > **예측해 보세요.** $d$가 16에서 256으로 커지면 내적의 표준편차는 몇 배가 될까요? 나누지 않으면 토큰 32개 가운데 가장 큰 무게는 얼마쯤일까요?

# %%
predict("07-scale", choices=["그대로", "4배", "16배"], mine=None)

# %%
rng = np.random.default_rng(0)
sizes, REPEATS, KEYS = [4, 16, 64, 256, 1024], by_profile(smoke=60, laptop=200, gpu=200), 32
scores = {d: np.einsum("rd,rkd->rk", rng.normal(size=(REPEATS, d)), rng.normal(size=(REPEATS, KEYS, d))) for d in sizes}       # (질의, 키)
rows = []
for d in sizes:
    raw, scaled = softmax(scores[d]), softmax(scores[d] / np.sqrt(d))
    row = {"d": d, "내적의 표준편차": scores[d].std(), "√d": np.sqrt(d)}
    for name, p in (("나누지 않음", raw), ("√d로 나눔", scaled)):
        top = p.max(axis=1)
        row |= {f"가장 큰 무게, {name}": top.mean(), f"{name} 구간": evaluation.bootstrap_interval(np.mean, top), f"기울기의 크기, {name}": (p * (1 - p)).sum(axis=1).mean()}
    rows.append(row)
table = pd.DataFrame(rows)
times_wider = table["내적의 표준편차"][3] / table["내적의 표준편차"][1]
compare("07-scale", 1 if times_wider < 2 else 2 if times_wider < 8 else 3)
print(f"d = 16에서 256으로: 표준편차 {times_wider:.2f}배")
print(table[["d", "내적의 표준편차", "√d", "기울기의 크기, 나누지 않음", "기울기의 크기, √d로 나눔"]].round(2).to_string(index=False))

fig, axis = plt.subplots(figsize=(6.5, 3.6))
for name, marker in (("나누지 않음", "o-"), ("√d로 나눔", "s--")):
    middle = table[f"가장 큰 무게, {name}"].to_numpy()
    low, high = np.array(table[f"{name} 구간"].tolist()).T
    axis.errorbar(sizes, middle, yerr=[middle - low, high - middle], fmt=marker, capsize=3, label=name)
axis.axhline(1 / KEYS, color="black", linewidth=0.8)
axis.text(sizes[-1], 1 / KEYS + 0.02, "고르게 나눌 때 1/32", ha="right")
axis.set(xscale="log", xlabel="차원 d (로그)", ylabel="토큰 32개 가운데 가장 큰 무게", ylim=(0, 1.02))
axis.set_xticks(sizes, sizes)
axis.minorticks_off()
axis.legend()
ends = [table[f"가장 큰 무게, {name}"] for name in ("나누지 않음", "√d로 나눔")]
show(fig, alt=f"차원에 따른 가장 큰 어텐션 무게. 나누지 않으면 d = 4에서 {ends[0][0]:.2f}, d = 1024에서 {ends[0][4]:.2f}로 커져 거의 하나만 고른다. "
              f"√d로 나누면 {ends[1][0]:.2f}와 {ends[1][4]:.2f}로 평평하다.")

# %% [markdown]
# 표준편차는 $\sqrt d$를 따라갑니다. 나누지 않으면 차원이 커질수록 무게가 한 토큰에 몰리고, 소프트맥스의 기울기(표의 $\sum_j \alpha_j (1 - \alpha_j)$)는 0에 가까워져 배우기 어려워집니다. $\sqrt d$로 나누면 차원과 상관없이
# 부드러운 선택에서 출발합니다.
#
# *왜 틀릴 수 있을까요?* 이 계산은 **배우기 전**, 곧 칸들이 독립일 때의 이야기입니다. 배운 뒤에는 점수가 필요한 만큼 커질 수 있고, 실제로 한 토큰에 무게를 몰아주는 머리도 있습니다(11절).

# %% [markdown]
# ### 머리를 여럿 둡니다
# 머리(head) 하나는 가중 평균을 하나만 냅니다. "주어를 찾기"와 "바로 앞 토큰 보기"를 한꺼번에 할 수 없습니다. 그래서 너비를 $h$등분해 등분마다 따로 어텐션을 하고, 이어 붙인 뒤 행렬 $W_O$로 섞습니다. 이것이 **멀티헤드 어텐션**(multi-head
# attention)입니다. 나누어 쓸 뿐이므로 매개변수와 계산량은 머리 하나일 때와 같습니다. PyTorch의 함수와 값이 같은지 확인합니다.

# %%
import torch
from torch.nn import functional as F

T, D, HEADS = 6, 8, 2
x = rng.normal(size=(T, D))
module = torch.nn.MultiheadAttention(D, HEADS, batch_first=True, dtype=torch.float64)
with torch.no_grad():
    module.in_proj_bias.zero_()
    module.out_proj.bias.normal_()
W_query, W_key, W_value = (part.T for part in np.split(module.in_proj_weight.detach().numpy(), 3))                              # (D, D)마다
W_out, b_out = module.out_proj.weight.detach().numpy().T, module.out_proj.bias.detach().numpy()

alone, _ = one_head(x, W_query, W_key, W_value)
library = F.scaled_dot_product_attention(*(torch.from_numpy(x @ W) for W in (W_query, W_key, W_value)))
assert np.allclose(alone, library.numpy())                                            # 머리 하나 = PyTorch의 함수

slices = [slice(h * D // HEADS, (h + 1) * D // HEADS) for h in range(HEADS)]
together = [one_head(x, W_query[:, s], W_key[:, s], W_value[:, s]) for s in slices]
by_hand = np.concatenate([mixed_values for mixed_values, _ in together], axis=1) @ W_out + b_out
with torch.no_grad():
    library, library_weights = module(*[torch.from_numpy(x)[None]] * 3, average_attn_weights=False)
assert np.allclose(by_hand, library[0].numpy()) and np.allclose([w for _, w in together], library_weights[0].numpy())
print(f"머리 하나는 scaled_dot_product_attention과, 머리 {HEADS}개는 nn.MultiheadAttention과 같습니다.")
print(f"행렬 네 개(W_Q, W_K, W_V, W_O)의 매개변수: 너비 {D}에서 {4 * D * D}개. 머리의 수와 상관없습니다.")

# %% [markdown]
# ### ✏️ 연습 7-1 (3점): 마스크가 있는 멀티헤드 어텐션
# 질의, 키, 값의 행렬 `Q`, `K`, `V`(모두 T×d), 머리의 수 `heads`, 보아도 되는 자리를 적은 `allowed`(T×T의 참·거짓, 행이 보는 토큰)를 받아 `(출력 T×d, 무게 heads×T×T)`를 돌려주는 `attention`을 완성하세요. 머리 $h$는 열의
# $h$번째 등분을 씁니다. 보면 안 되는 자리의 무게는 정확히 0이고 행의 합은 1입니다. ($W_O$는 곱하지 않습니다.)
#
# <details><summary>힌트 1</summary> 소프트맥스를 하기 <b>전에</b> 막힌 자리의 점수를 <code>-np.inf</code>로 바꿉니다. </details>
# <details><summary>힌트 2</summary> 나누는 수는 전체 너비가 아니라 머리 하나의 너비 d / heads의 제곱근입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "07-attention", "grade": false, "solution": true, "locked": false, "task": false}
def attention(Q, K, V, heads, allowed):
    ### BEGIN SOLUTION
    size = Q.shape[1] // heads
    outputs, maps = [], []
    for h in range(heads):
        columns = slice(h * size, h * size + size)
        logits = np.where(allowed, Q[:, columns] @ K[:, columns].T / size**0.5, -np.inf)
        share = np.exp(logits - logits.max(axis=1)[:, None])
        maps.append(share / share.sum(axis=1)[:, None])
        outputs.append(maps[-1] @ V[:, columns])
    return np.hstack(outputs), np.stack(maps)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "07-attention-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("07-attention", points=3, hint="점수 = Q_h K_hᵀ / √(d / heads), 막힌 자리는 -inf, 그다음 행마다 소프트맥스입니다."):
    q = np.array([[2.0, 0, 1, 0], [0, 2, 0, 1]])
    everywhere, past = np.ones((2, 2), bool), np.tril(np.ones((2, 2), bool))
    out, maps = attention(q, q, q, 1, everywhere)
    assert np.isclose(maps[0][0, 0], 1 / (1 + np.exp(-2.5))), "머리가 하나면 점수는 5/√4와 0입니다."
    out, maps = attention(q, q, q, 2, everywhere)
    assert np.shape(maps) == (2, 2, 2) and np.isclose(maps[0][0, 0], 1 / (1 + np.exp(-4 / np.sqrt(2)))), "머리마다 너비는 2입니다."
    out, maps = attention(q, q, q, 2, past)
    assert np.allclose(maps[1], [[1, 0], [1 / (1 + np.exp(1 / np.sqrt(2))), 1 / (1 + np.exp(-1 / np.sqrt(2)))]]), "막힌 자리는 0, 행의 합은 1입니다."
    assert np.allclose(out[0], q[0]), "첫 토큰이 자기만 볼 수 있으면 출력은 자기 값입니다."

# %% [markdown]
# ## 3. 자리: 어텐션은 순서를 모릅니다
#
# 어텐션의 식 어디에도 자리 $i$가 없습니다. 토큰을 뒤섞어 넣으면 출력도 똑같이 뒤섞여 나올 뿐입니다. 그래서 BERT는 입력에 **자리 벡터**(position embedding)를 더합니다. 첫째 자리의 벡터, 둘째 자리의 벡터, …를 낱말 벡터처럼 배웁니다.
#
# 이제 이 과정이 학습해 둔 작은 한국어 **BERT**(Bidirectional Encoder Representations from Transformers)를 엽니다. 어떻게 배웠는지는 6절에서 봅니다.

# %%
from lab_utils import masked_language_model as mlm

order = rng.permutation(T)
assert np.allclose(one_head(x[order], W_query, W_key, W_value)[0], alone[order])       # 뒤섞어 넣으면 뒤섞여 나올 뿐
bert, tokenizer = mlm.load_pretrained(datasets.data_folder() / "models" / "korean-bert")
config = bert.config
parts = {"임베딩(토큰·자리)": ("embeddings.",), "어텐션": ("attention.",), "피드포워드": ("intermediate.", ".output.")}
sizes_of = dict.fromkeys([*parts, "출력(가린 토큰 맞히기)"], 0)
for name, parameter in bert.named_parameters():
    part = next((p for p, keys in parts.items() if name.startswith("bert.") and any(k in name for k in keys)), "출력(가린 토큰 맞히기)")
    sizes_of[part] += parameter.numel()
print(f"층 {config.num_hidden_layers}개, 너비 {config.hidden_size}, 머리 {config.num_attention_heads}개, 어휘 {config.vocab_size:,}개, 자리 {config.max_position_embeddings}개")
print("매개변수:", ", ".join(f"{name} {n / 1e6:.2f}백만" for name, n in sizes_of.items()), f"→ 모두 {bert.num_parameters() / 1e6:.2f}백만 (BERT-base는 논문에서 1억 1천만)")
for sentence in ("점심을 많이 먹어서 배가 부르다.", "이 영화 개꿀잼 ㅋㅋㅋ"):
    print("토큰:", " ".join(tokenizer.tokenize(sentence)))

# %% [markdown]
# `##`은 앞말에 이어 붙는 조각입니다(WordPiece, 06강의 BPE와 비슷한 방법). 조사가 낱말과 한 조각이 되기도 하고 따로 떨어지기도 합니다. 한 낱말이 여러 조각이면 조각마다 벡터가 나옵니다.
#
# 자리 벡터를 모두 같은 값(자리 벡터의 평균)으로 바꾸면 순서를 모르는 모델이 됩니다. 배운 모델이 순서를 얼마나 쓰는지 두 가지로 잽니다.
# - **가린 토큰의 손실**: 글의 토큰을 하나씩 가리고 맞힐 때의 $-\log p$(나트)의 평균. 원래 글, 어절을 뒤섞은 글, 원래 글을 자리 없이 읽은 것을 견줍니다. 이 모델이 본 적 없는 새 문장(`polysemy_new.tsv`)에서 잽니다.
# - **뜻이 바뀌는 순서와 바뀌지 않는 순서**: `밥을 안 먹고 잤다`와 `밥을 먹고 안 잤다`는 낱말이 같고 뜻이 다릅니다. 반면 `형이 동생을 불렀다`와 `동생을 형이 불렀다`는 조사 덕분에 뜻이 같습니다.
#
# > **예측해 보세요.** 어절을 뒤섞으면 가린 토큰의 손실은?

# %%
predict("07-order", choices=["거의 그대로(차이가 0.1나트 안쪽)", "커진다", "작아진다"], mine=None)

# %%
import copy

new = pd.read_csv(datasets.data_folder() / "polysemy_new.tsv", sep="\t")
korean_new = new[new.word != "bank"].reset_index(drop=True)
plain = korean_new.sentence.iloc[:: by_profile(smoke=12, laptop=4, gpu=1)].tolist()


def without_positions(model):
    """모든 자리의 벡터를 그 평균으로 바꾼 사본: 순서를 알 수 없습니다."""
    model = copy.deepcopy(model)
    weight = model.bert.embeddings.position_embeddings.weight
    with torch.no_grad():
        weight.copy_(weight.mean(dim=0, keepdim=True).expand_as(weight))
    return model


shuffle = np.random.default_rng(0)
shuffled_text = [" ".join(shuffle.permutation(sentence.rstrip(".").split())) + "." for sentence in plain]
no_order = without_positions(bert)
original = contextual.guess_each_token(bert, tokenizer, plain)
nats = {"원래 글": original, "어절을 뒤섞은 글": contextual.guess_each_token(bert, tokenizer, shuffled_text),
        "원래 글, 자리 없이": contextual.guess_each_token(no_order, tokenizer, plain)}
per_sentence = {name: found.groupby("text").nats.mean().to_numpy() for name, found in nats.items()}
for name, values in per_sentence.items():
    gap = values - per_sentence["원래 글"]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"{name}: 토큰마다 {values.mean():.2f}나트" + (f", 원래 글과의 차이 {gap.mean():+.2f} [{low:+.2f}, {high:+.2f}]" if name != "원래 글" else f" (문장 {len(plain)}개)"))
    if name == "어절을 뒤섞은 글":
        compare("07-order", 1 if abs(gap.mean()) < 0.1 else 2 if gap.mean() > 0 else 3)

CHANGED = [("나는 밥을 안 먹고 잤다", "나는 밥을 먹고 안 잤다"), ("동생은 숙제를 안 하고 놀았다", "동생은 숙제를 하고 안 놀았다"), ("그는 돈을 안 내고 나갔다", "그는 돈을 내고 안 나갔다"),
           ("우리는 표를 안 사고 들어갔다", "우리는 표를 사고 안 들어갔다"), ("아이는 손을 안 씻고 먹었다", "아이는 손을 씻고 안 먹었다"), ("나는 영화를 안 보고 울었다", "나는 영화를 보고 안 울었다")]
KEPT = [("형이 동생을 불렀다", "동생을 형이 불렀다"), ("나는 어제 영화를 봤다", "어제 나는 영화를 봤다"), ("고양이가 쥐를 잡았다", "쥐를 고양이가 잡았다"),
        ("친구가 나에게 책을 주었다", "나에게 친구가 책을 주었다"), ("배우가 관객을 웃겼다", "관객을 배우가 웃겼다"), ("엄마가 아침에 빵을 샀다", "아침에 엄마가 빵을 샀다")]


def sentence_vectors(model, sentences):
    """마지막 층의 토큰 벡터의 평균 (특수 토큰은 뺌)"""
    return np.array([found.vectors[1:-1, -1].mean(axis=0) for found in contextual.token_vectors(model, tokenizer, sentences)])


apart = {}
for name, pairs in (("뜻이 바뀌는 순서", CHANGED), ("뜻이 같은 순서", KEPT)):
    for who, model in (("자리 있음", bert), ("자리 없음", no_order)):
        first, second = (similarity.unit_rows(sentence_vectors(model, [pair[k] for pair in pairs])) for k in (0, 1))
        apart[name, who] = 1 - (first * second).sum(axis=1)
    print(f"{name}: 두 문장 벡터의 거리(1 − 코사인)의 평균, 자리가 있으면 {apart[name, '자리 있음'].mean():.4f}, 없으면 {apart[name, '자리 없음'].mean():.1e}")
draws = np.random.default_rng(1)
differences = [np.mean(draws.choice(apart["뜻이 바뀌는 순서", "자리 있음"], 6)) - np.mean(draws.choice(apart["뜻이 같은 순서", "자리 있음"], 6)) for _ in range(2000)]
low, high = np.quantile(differences, [0.025, 0.975])
print(f"뜻이 바뀌는 쌍이 더 먼 정도: {np.mean(differences):+.4f} [{low:+.4f}, {high:+.4f}] →",
      "뜻이 바뀔 때 더 멀어집니다." if low > 0 else "뜻이 같은 쌍이 오히려 더 멉니다." if high < 0 else "차이가 있다고 말할 수 없습니다.")

# %% [markdown]
# 자리를 지우면 낱말이 같은 두 문장의 벡터가 **똑같아집니다**(거리가 반올림 오차). 정적 벡터의 평균도 마찬가지입니다. 자리가 있으면 순서가 벡터에 남습니다. 다만 남은 순서가 **뜻의 차이만큼** 반영되는지는 마지막 줄을
# 보아야 합니다. 한국어는 조사가 역할을 알려 주므로 순서를 바꾸어도 뜻이 그대로인 일이 많고, 모델은 그것을 따로 배워야 합니다.
#
# *왜 틀릴 수 있을까요?* 뒤섞은 글과 자리 없는 입력은 모델이 배울 때 본 적이 없는 것입니다. 그래서 손실이 커진 만큼이 모두 "순서의 정보"는 아니고, 낯선 입력에 당황한 만큼이 섞여 있습니다. 순서 쌍은 열둘뿐이고 우리가 골랐습니다.
#
# 배운 자리 벡터는 어떻게 생겼을까요?

# %%
position_vectors = bert.bert.embeddings.position_embeddings.weight.detach().numpy()[:64]
alike = similarity.unit_rows(position_vectors - position_vectors.mean(axis=0))
alike = alike @ alike.T
fig, axis = plt.subplots(figsize=(5, 4.2))
image = axis.imshow(alike, vmin=-1, vmax=1)
axis.set(xlabel="자리", ylabel="자리", title="자리 벡터끼리의 코사인 (평균을 뺀 뒤)")
fig.colorbar(image)
by_distance = {k: np.mean(np.diag(alike[2:, 2:], k)) for k in (1, 2, 5, 20)}
show(fig, alt="앞의 64자리의 자리 벡터끼리의 코사인을 나타낸 정사각형 그림. 대각선에서 떨어질수록 코사인의 평균은 "
              + ", ".join(f"거리 {k}에서 {value:.2f}" for k, value in by_distance.items()) + "이다.")
print("거리에 따른 코사인의 평균:", ", ".join(f"{k}자리 {value:+.2f}" for k, value in by_distance.items()))

# %% [markdown]
# 아무도 "5번 자리는 6번 자리의 옆"이라고 가르치지 않았습니다. 이웃한 자리의 코사인이 먼 자리보다 크다면, 가린 토큰을 맞히다 보니 스스로 알게 된 것입니다. 처음의 트랜스포머(Vaswani et al., 2017)는 배우지 않고 사인·코사인 함수로 자리를 나타냈고,
# 요즘의 큰 모델은 대개 질의와 키를 자리에 따라 돌리는 방법(RoPE, Su et al., 2021)을 씁니다.

# %% [markdown]
# ## 4. 인코더 층 하나를 조립하기
#
# 트랜스포머의 인코더 층(encoder layer)은 네 부품입니다.
#
# 1. **멀티헤드 어텐션**: 토큰끼리 정보를 주고받습니다.
# 2. **잔차 연결**(residual connection): 출력을 입력에 **더합니다**. 층은 벡터를 새로 만드는 것이 아니라 고칠 만큼만 더합니다.
# 3. **층 정규화**(layer normalization): 토큰마다 벡터의 칸들을 평균 0, 분산 1로 맞춘 뒤, 배운 배율과 이동을 적용합니다.
# 4. **피드포워드**(feed-forward): 토큰마다 따로, 너비를 네 배로 늘렸다가(GELU라는 굽은 함수를 거쳐) 다시 줄입니다. 토큰끼리는 섞이지 않습니다.
#
# BERT는 더한 **다음에** 정규화합니다(post-LN): $x \leftarrow \mathrm{LN}(x + \mathrm{MHA}(x))$, $x \leftarrow \mathrm{LN}(x + \mathrm{FFN}(x))$. GPT-2 이후의 모델은 대개 어텐션에 넣기 전에 정규화합니다(pre-LN, 깊을 때 학습이 안정됩니다).

# %% [markdown]
# ### ✏️ 연습 7-2 (2점): 층 정규화
# 토큰 벡터 `x`(T×d), 배율 `gain`(d), 이동 `bias`(d), 작은 수 `eps`를 받아 $\dfrac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \cdot g + b$를 돌려주는 `layer_norm`을 완성하세요. $\mu$와 $\sigma^2$은 **토큰마다** 그 벡터의 칸 $d$개에서 구하고, 분산은 $d$로 나눕니다.
#
# <details><summary>힌트 1</summary> 행마다 구하려면 <code>axis=-1, keepdims=True</code>. 배치나 문장 방향으로 평균 내지 않습니다. </details>
# <details><summary>힌트 2</summary> ε은 제곱근 <b>안에서</b> 분산에 더합니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "07-layer-norm", "grade": false, "solution": true, "locked": false, "task": false}
def layer_norm(x, gain, bias, eps):
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.mean(centred**2, axis=-1, keepdims=True)
    return gain * centred / np.sqrt(variance + eps) + bias
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "07-layer-norm-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("07-layer-norm", points=2, hint="평균과 분산은 행(토큰)마다 구하고, (x − 평균) / sqrt(분산 + eps)에 gain을 곱하고 bias를 더합니다."):
    two = np.array([[1.0, 3.0], [10.0, 30.0]])
    assert np.allclose(layer_norm(two, np.ones(2), np.zeros(2), 0.0), [[-1, 1], [-1, 1]]), "토큰마다 따로 맞춥니다."
    assert np.allclose(layer_norm(two, np.array([2.0, 5.0]), np.array([0.0, 1.0]), 0.0), [[-2, 6], [-2, 6]])
    assert np.allclose(layer_norm(two[:1], np.ones(2), np.zeros(2), 3.0), [[-0.5, 0.5]]), "eps는 제곱근 안에서 분산에 더합니다."

# %% [markdown]
# 이제 배운 모델의 숫자로 첫 층을 조립해, 라이브러리의 첫 층과 같은지 봅니다.
#
# > **예측해 보세요.** 토큰 벡터는 층 하나를 지나는 동안 얼마나 바뀔까요? 네 층에서, 들어갈 때와 나올 때의 코사인의 평균은?

# %%
predict("07-change", choices=["네 층 모두 0.9 이상(조금씩 고친다)", "0.5와 0.9 사이인 층이 있다", "0.5보다 작은 층이 있다(거의 새로 만든다)"], mine=None)

# %%
LAYERS = config.num_hidden_layers


def embed(ids):
    """토큰 번호 (T,) → 입력 임베딩 (T, d): 토큰 벡터 + 자리 벡터 (+ 문장 종류의 벡터), 그리고 층 정규화"""
    e = bert.bert.embeddings
    together = e.word_embeddings.weight[ids] + e.position_embeddings.weight[: len(ids)] + e.token_type_embeddings.weight[0]
    return F.layer_norm(together, (config.hidden_size,), e.LayerNorm.weight, e.LayerNorm.bias, config.layer_norm_eps)


def encoder_layer(layer, x, allowed=None):
    """(T, d) → (T, d)"""
    def split(tensor):                                                                # (T, d) → (머리, T, d / 머리)
        return tensor.view(len(x), config.num_attention_heads, -1).transpose(0, 1)

    def normalise(tensor, by):
        return F.layer_norm(tensor, tensor.shape[-1:], by.weight, by.bias, by.eps)

    look, out = layer.attention.self, layer.attention.output
    heads = F.scaled_dot_product_attention(split(look.query(x)), split(look.key(x)), split(look.value(x)), attn_mask=allowed)
    x = normalise(x + out.dense(heads.transpose(0, 1).reshape(x.shape)), out.LayerNorm)                       # 주고받아 더하고
    return normalise(x + layer.output.dense(F.gelu(layer.intermediate.dense(x))), layer.output.LayerNorm)     # 토큰마다 고쳐서 더합니다


@torch.no_grad()
def run_by_hand(sentence, allowed=None):
    """층마다의 벡터 (층 + 1, T, d). allowed (T, T): 행의 토큰이 보아도 되는 토큰"""
    states = [embed(torch.tensor(tokenizer(sentence)["input_ids"]))]
    for layer in bert.bert.encoder.layer:
        states.append(encoder_layer(layer, states[-1], allowed))
    return torch.stack(states)


sentence = "점심을 많이 먹어서 배가 부르다."
by_hand = run_by_hand(sentence)
with torch.no_grad():
    library = torch.cat(bert.bert(**tokenizer(sentence, return_tensors="pt"), output_hidden_states=True).hidden_states)
assert torch.allclose(by_hand[1], library[1], atol=1e-4) and torch.allclose(by_hand, library, atol=1e-3)
print(f"손으로 조립한 첫 층과 라이브러리의 첫 층의 가장 큰 차이: {float((by_hand[1] - library[1]).abs().max()):.1e} (네 층을 모두 지난 뒤 {float((by_hand - library).abs().max()):.1e})")

states = [run_by_hand(text).numpy() for text in plain]
change = np.array([[(similarity.unit_rows(found[depth]) * similarity.unit_rows(found[depth + 1])).sum(axis=1).mean() for depth in range(LAYERS)] for found in states])
compare("07-change", 1 if change.mean(axis=0).min() >= 0.9 else 2 if change.mean(axis=0).min() >= 0.5 else 3)
rows = []
for depth, layer in enumerate(bert.bert.encoder.layer):
    low, high = evaluation.bootstrap_interval(np.mean, change[:, depth])
    rows.append({"층": depth + 1, "들어갈 때와 나올 때의 코사인 [95% 구간]": f"{change[:, depth].mean():.3f} [{low:.3f}, {high:.3f}]",
                 "매개변수": f"{sum(p.numel() for p in layer.parameters()):,}"})
pd.DataFrame(rows).set_index("층")

# %% [markdown]
# 식대로 조립한 값이 라이브러리와 반올림 오차까지 같습니다. 이 강의의 나머지는 이 계산을 층마다 되풀이한 결과를 볼 뿐입니다. 표의 코사인이 1에 가까운 층은 벡터를 조금 고치고, 작은 층은 많이 고칩니다.
#
# *왜 틀릴 수 있을까요?* 코사인이 크다고 그 층이 "하는 일이 적다"고 할 수는 없습니다. 모든 토큰에 공통된 큰 성분이 있으면 코사인은 그것만으로 1에 가까워집니다(10절). 작은 변화가 뜻을 가르는 바로 그 변화일 수도 있습니다. 그래서 9절에서는
# 층마다 **무엇을 읽을 수 있는지**를 잽니다.

# %% [markdown]
# ## 5. 앞뒤를 모두 보기와 앞만 보기
#
# BERT의 토큰은 앞뒤를 모두 봅니다(**양방향**, bidirectional). 다음 토큰을 하나씩 써 나가는 GPT는 뒤를 보면 답을 미리 보는 셈이므로 앞만 봅니다(**인과 마스크**, causal mask: 대각선 위를 막은 `allowed`). 나머지 부품은 같습니다.
#
# 한국어에서는 이 차이가 큽니다. 서술어가 끝에 오기 때문입니다. `배가 아프다`, `배가 달다`, `배가 떠난다`에서 `배`의 뜻은 **마지막 낱말**이 정합니다.
#
# > **예측해 보세요.** 마지막 낱말만 바꾸면 앞의 `배가`의 벡터는 바뀔까요?

# %%
predict("07-causal", choices=["둘 다 바뀐다", "양방향에서만 바뀐다", "인과 마스크에서만 바뀐다", "둘 다 그대로다"], mine=None)

# %%
ENDINGS = ["아프다", "달다", "떠난다"]
frames = [f"그래서 지금 배가 {ending}" for ending in ENDINGS]
shared_tokens = len(tokenizer.tokenize("그래서 지금 배가")) + 1                          # [CLS]와 앞의 토큰들
names = tokenizer.convert_ids_to_tokens(tokenizer(frames[0])["input_ids"])[:shared_tokens]
moved = {}
for name in ("양방향", "인과"):
    masks = [torch.ones(n, n, dtype=torch.bool) if name == "양방향" else torch.ones(n, n, dtype=torch.bool).tril()
             for n in (len(tokenizer(text)["input_ids"]) for text in frames)]
    last = [similarity.unit_rows(run_by_hand(text, mask)[-1, :shared_tokens].numpy()) for text, mask in zip(frames, masks)]
    moved[name] = np.mean([1 - (last[i] * last[j]).sum(axis=1) for i, j in ((0, 1), (0, 2), (1, 2))], axis=0)                    # 토큰마다
assert np.abs(moved["인과"]).max() < 1e-5                                             # 앞의 토큰은 뒤를 모릅니다
changed = [moved[name].max() > 1e-4 for name in ("양방향", "인과")]
compare("07-causal", {(True, True): 1, (True, False): 2, (False, True): 3, (False, False): 4}[changed[0], changed[1]])

fig, axis = plt.subplots(figsize=(6.5, 3.2))
where = np.arange(shared_tokens)
for (name, values), shift in zip(moved.items(), (-0.2, 0.2)):
    axis.bar(where + shift, values, 0.38, label=name)
axis.set_xticks(where, names)
axis.set(ylabel="마지막 층 벡터의 변화 (1 − 코사인)", title="마지막 낱말을 아프다, 달다, 떠난다로 바꾸었을 때 앞의 토큰들")
axis.legend()
show(fig, alt="마지막 낱말만 바꾼 세 문장에서 앞쪽 토큰 벡터의 변화를 나타낸 막대그림. 양방향에서는 "
              + ", ".join(f"{token} {value:.3f}" for token, value in zip(names, moved["양방향"])) + ", 인과 마스크에서는 모두 0이다.")

# %% [markdown]
# 인과 마스크에서는 앞의 토큰이 **조금도** 바뀌지 않습니다. 어떤 무게를 넣어도 그렇습니다. 그러므로 `배`의 자리에서는 뜻을 가릴 길이 없습니다. 그렇다면 뜻이 적힌 198문장에서 그 차이는 얼마일까요? 낱말의 벡터로 뜻을 맞혀 봅니다(방법은 8절에서 자세히
# 설명합니다. 지금은 "다른 문장들에서 구한 뜻의 중심 가운데 가장 가까운 것을 고른다"로 충분합니다).

# %%
def vectors_by_hand(frame, causal):
    result = []
    for text, word in zip(frame.sentence, frame.word):
        encoded = tokenizer(text, return_offsets_mapping=True)
        begin, end = contextual.find_word(text, word)
        pieces = [i for i, (a, b) in enumerate(encoded["offset_mapping"]) if a < end and b > begin]
        mask = torch.ones(len(encoded["input_ids"]), len(encoded["input_ids"]), dtype=torch.bool)
        result.append(run_by_hand(text, mask.tril() if causal else mask)[-1, pieces].mean(dim=0).numpy())
    return np.array(result)


both, past = (contextual.probe(vectors_by_hand(polysemy, causal), polysemy.sense, polysemy.word) for causal in (False, True))
print("양방향, 마지막 층:", both)
print("인과, 마지막 층:  ", past)
begins = np.array([contextual.find_word(text, word)[0] / len(text) for text, word in zip(polysemy.sentence, polysemy.word)])
for name, chosen in (("모든 문장", begins >= 0), ("낱말이 앞쪽 1/3에", begins < 1 / 3), ("낱말이 뒤쪽 1/3에", begins >= 2 / 3)):
    gap = (both.each - past.each)[chosen]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"양방향 − 인과, {name}({chosen.sum()}개): {gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# 낱말이 앞쪽에 있을수록 인과 마스크는 볼 것이 적습니다. 뒤쪽에 있으면 앞의 문맥이 이미 뜻을 말해 줍니다. 위의 세 줄이 그런지 구간과 함께 읽으세요.
#
# *왜 틀릴 수 있을까요?* 이 모델은 양방향으로 배웠습니다. 배운 뒤에 뒤를 가리는 것은 낯선 일을 시키는 것이므로, 차이의 일부는 "뒤를 못 봐서"가 아니라 "그렇게 배우지 않아서"입니다. 처음부터 인과 마스크로 배운 GPT는 앞만 보고도 할 수 있는 만큼 해내고, 뜻은
# **나중 토큰의 자리에서** 읽힙니다. 글을 쓰는 데에는 인과 마스크가, 주어진 글을 벡터로 바꾸는 데에는 양방향이 자연스럽습니다. 요즘은 GPT 계열의 마스크를 풀어 임베딩 모델로 쓰기도 합니다(BehnamGhader et al., 2024).

# %% [markdown]
# ## 6. 가리고 맞히기: 마스크 언어 모델
#
# 양방향 모델에게 "다음 토큰 맞히기"를 시킬 수는 없습니다. 답이 보이기 때문입니다. 그래서 토큰 일부를 **가리고** 둘레를 보고 맞히게 합니다. 정답은 글 자체에 있으므로 사람이 이름표를 달 필요가 없습니다. 이런 배움이
# **자기 지도 학습**(self-supervised learning)입니다. 큰 말뭉치에서 이렇게 배워 두고(**사전 학습**, pre-training), 하려는 일의 적은 자료로 이어서 배웁니다(**미세 조정**, fine-tuning; 08~10강).
#
# BERT의 규칙은 이렇습니다. 토큰의 15%(싣는 모델은 20%)를 고릅니다. 고른 것 가운데 80%는 `[MASK]`로, 10%는 아무 토큰으로 바꾸고, 10%는 그대로 둡니다. 손실은 **고른 자리에서만** $-\log p(\text{원래 토큰})$입니다. 그대로 둔 10%도 맞혀야 합니다.
#
# 왜 모두 `[MASK]`로 바꾸지 않을까요? 나중에 쓸 때는 `[MASK]`가 없기 때문입니다. 보이는 토큰의 자리에서도 "이것이 맞는가?"를 늘 의심하게 해야, 보이는 낱말의 벡터에도 문맥이 담깁니다.

# %% [markdown]
# ### ✏️ 연습 7-3 (3점): 80, 10, 10
# 토큰 번호 `tokens`, 0과 1 사이의 난수 `chance`와 `fate`, 아무 토큰 `any_token`(모두 길이 n의 배열), 고를 비율 `share`를 받아 `(모델이 볼 토큰 seen, 고른 자리 chosen)`을 돌려주는 `hide`를 완성하세요.
# - 특수 토큰(번호 0~4)은 고르지 않습니다. 나머지는 `chance < share`이면 고릅니다.
# - 고른 자리에서 `fate < 0.8`이면 `[MASK]`(번호 4), `fate >= 0.9`이면 `any_token`의 토큰, 그 사이이면 그대로입니다. 고르지 않은 자리도 그대로입니다.
#
# <details><summary>힌트 1</summary> <code>np.where(조건, 참일 때, 거짓일 때)</code>를 두 번 씁니다. </details>
# <details><summary>힌트 2</summary> <code>chosen</code>에는 바뀐 자리가 아니라 <b>맞혀야 할</b> 자리를 적습니다. 그대로 둔 자리도 들어갑니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "07-hide", "grade": false, "solution": true, "locked": false, "task": false}
def hide(tokens, chance, fate, any_token, share):
    ### BEGIN SOLUTION
    tokens = np.asarray(tokens)
    chosen = (tokens >= 5) & (np.asarray(chance) < share)
    replaced = np.select([np.asarray(fate) < 0.8, np.asarray(fate) >= 0.9], [4, any_token], default=tokens)
    return np.where(chosen, replaced, tokens), chosen
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "07-hide-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("07-hide", points=3, hint="chosen = (특수 토큰이 아님) & (chance < share). fate는 고른 자리에서만 씁니다."):
    ids = np.array([2, 50, 60, 70, 80, 3])
    seen, chosen = hide(ids, np.array([0, 0.1, 0.1, 0.1, 0.9, 0]), np.array([0, 0.5, 0.85, 0.95, 0.1, 0]), np.full(6, 99), 0.2)
    assert list(np.asarray(chosen, bool)) == [False, True, True, True, False, False], "특수 토큰은 고르지 않고, 그대로 둔 토큰은 고른 것입니다."
    assert list(seen) == [2, 4, 60, 99, 80, 3]

# %% [markdown]
# 패키지의 `hide_tokens`가 규칙대로 하는지 세어 보고, **지금 여기서** 작은 BERT를 처음부터 학습합니다. 글은 백과사전이고(뜻이 적힌 198문장은 8절을 위해 뺍니다), 층은 하나, 너비는 64입니다. 짧은 시간에 신호를 많이 얻으려고 토큰의 40%를 가립니다.
# (15%가 늘 가장 좋은 것은 아닙니다: Wettig et al., 2023.) 학습 고리는 03강의 것과 같습니다. 가리고, 맞히고, 기울기를 구해 고칩니다.
#
# 견줄 기준선도 둡니다. 아무것도 모르는 모델은 $\log V$나트이고, 문맥을 보지 않고 토큰의 횟수만 아는 모델은 그 분포의 교차 엔트로피(유니그램)만큼입니다. 그 아래로 내려간 만큼이 **문맥에서 알아낸 것**입니다.
#
# > **예측해 보세요.** 십몇 초 배운 뒤, 처음 보는 문장에서 가린 토큰을 맞히는 비율은?

# %%
predict("07-mlm", choices=["5% 미만", "5~15%", "15~30%", "30% 이상"], mine=None)

# %%
import time
from dataclasses import replace

from torch.nn.utils.rnn import pad_sequence
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast

recipe = replace(mlm.RECIPES["korean-bert-class"], vocabulary=2000, width=64, layers=1, heads=2, positions=64, masked=0.4, learning_rate=1e-2,
                 steps=by_profile(smoke=120, laptop=700, gpu=3000))
sample = torch.randint(5, recipe.vocabulary, (100, 200), generator=torch.Generator().manual_seed(0))
seen, chosen = mlm.hide_tokens(sample, recipe, torch.Generator().manual_seed(1))
fates = [(seen[chosen] == mlm.MASK).float().mean(), ((seen != sample) & (seen != mlm.MASK))[chosen].float().mean(), (seen == sample)[chosen].float().mean()]
print(f"고른 토큰 {chosen.float().mean():.1%}, 그 가운데 [MASK] {fates[0]:.1%}, 다른 토큰 {fates[1]:.1%}, 그대로 {fates[2]:.1%}")

to_read = encyclopedia.sentence[encyclopedia.topic != "polysemy"].tolist()
wordpiece = mlm.train_wordpiece(to_read, recipe.vocabulary)
class_tokenizer = PreTrainedTokenizerFast(tokenizer_object=wordpiece, model_max_length=recipe.positions, pad_token="[PAD]", unk_token="[UNK]",
                                          cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
rows = [torch.tensor(e.ids[: recipe.positions]) for e in wordpiece.encode_batch(to_read)]
held_out = pad_sequence(rows[::40], batch_first=True)                                 # 40문장에 하나는 남겨 둡니다. 빈자리는 0([PAD])
training = sorted((row for i, row in enumerate(rows) if i % 40), key=len)             # 길이가 비슷한 32문장씩 묶습니다
batches = [pad_sequence(training[i : i + 32], batch_first=True) for i in range(0, len(training), 32)]


def guesses(model, tokens, share, generator):
    """가린 자리의 점수 (n, V)와 정답 (n,)"""
    seen, chosen = mlm.hide_tokens(tokens, replace(recipe, masked=share), generator)
    hidden = model.bert(seen, attention_mask=(tokens != mlm.PAD).long()).last_hidden_state                     # (B, L, d)
    return model.cls(hidden[chosen]), tokens[chosen]


@torch.no_grad()
def held_out_score(model):
    points, wanted = guesses(model, held_out, 0.2, torch.Generator().manual_seed(0))                           # 언제나 같은 토큰을 가립니다
    return F.cross_entropy(points, wanted).item(), (points.argmax(1) == wanted).float().mean().item()


torch.manual_seed(0)
class_bert = mlm.build_model(recipe)
with torch.no_grad():
    for parameter in class_bert.parameters():
        if parameter.ndim == 2:
            parameter.normal_(0, 0.1)                                                 # 이렇게 작은 모델은 처음 무게가 조금 커야 빨리 배웁니다
optimiser = torch.optim.AdamW(class_bert.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=recipe.weight_decay)
generator, order, curve = torch.Generator().manual_seed(0), [], []
start = time.perf_counter()
for step in tqdm(range(recipe.steps + 1), desc="작은 BERT 학습"):
    if step % (recipe.steps // 10) == 0:
        curve.append((step, *held_out_score(class_bert)))
    order = order or torch.randperm(len(batches), generator=generator).tolist()
    points, wanted = guesses(class_bert, batches[order.pop()], recipe.masked, generator)
    loss = F.cross_entropy(points, wanted)
    for group in optimiser.param_groups:                                              # 서른 걸음 동안 올리고, 끝까지 줄입니다
        group["lr"] = recipe.learning_rate * min(1, (step + 1) / 30) * (1 - step / (recipe.steps + 1))
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(class_bert.parameters(), 1.0)
    optimiser.step()
seconds, class_bert = time.perf_counter() - start, class_bert.eval()
curve = pd.DataFrame(curve, columns=["step", "nats", "accuracy"])

known = torch.cat(training)
frequency = torch.bincount(known[known >= len(mlm.SPECIAL)], minlength=recipe.vocabulary).double() + 1
frequency[: len(mlm.SPECIAL)] = 0
held = held_out[held_out >= len(mlm.SPECIAL)]
unigram, most_frequent = -(frequency / frequency.sum()).log()[held].mean().item(), (held == frequency.argmax()).double().mean().item()
final = curve.iloc[-1]
compare("07-mlm", 1 if final.accuracy < 0.05 else 2 if final.accuracy < 0.15 else 3 if final.accuracy < 0.3 else 4)
print(f"문장 {len(training):,}개를 {recipe.steps * 32 / len(training):.1f}번, {recipe.steps}걸음, {seconds:.1f}초. "
      f"남겨 둔 {len(held_out)}문장에서 {final.nats:.2f}나트(토큰 {np.exp(final.nats):.0f}개 사이에서 망설이는 것과 같음), 맞힌 비율 {final.accuracy:.1%}")
print(f"기준선: log V = {np.log(recipe.vocabulary):.2f}나트, 횟수만 알 때 {unigram:.2f}나트, 늘 가장 흔한 토큰이라고 답할 때 {most_frequent:.1%}. 문맥에서 알아낸 것 {unigram - final.nats:+.2f}나트")

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
left.plot(curve.step, curve.nats, "o-")
for height, name in ((np.log(recipe.vocabulary), "아무것도 모를 때 log V"), (unigram, "횟수만 알 때")):
    left.axhline(height, color="black", linewidth=0.8)
    left.text(curve.step.max(), height + 0.05, name, ha="right")
left.set(xlabel="걸음", ylabel="가린 토큰마다의 손실 (나트)", ylim=(min(curve.nats.min(), unigram) - 0.5, max(np.log(recipe.vocabulary), curve.nats.max()) + 0.5))
right.plot(curve.step, curve.accuracy, "s-", color="#D55E00")
right.axhline(most_frequent, color="black", linewidth=0.8)
right.text(curve.step.max(), most_frequent + 0.005, "늘 가장 흔한 토큰", ha="right")
right.set(xlabel="걸음", ylabel="맞힌 비율", ylim=(0, None))
show(fig, alt=f"걸음에 따른 손실과 정확도. 손실은 {curve.nats[0]:.2f}나트에서 {final.nats:.2f}나트로, 맞힌 비율은 {curve.accuracy[0]:.1%}에서 {final.accuracy:.1%}로 변한다. "
              f"가로선은 log V = {np.log(recipe.vocabulary):.2f}, 횟수만 알 때 {unigram:.2f}나트와 {most_frequent:.1%}이다.")

# %% [markdown]
# 곡선은 두 단계로 읽습니다. 먼저 토큰의 **횟수**를 배우며 빠르게 내려가 유니그램의 선에 닿고, 그다음 **문맥**을 배우며 그 아래로 내려갑니다. 유니그램의 선 가까이에서 곡선이 잠시 평평해지는 일이 흔합니다. 문맥을 쓰려면 어텐션이 먼저 쓸모 있는 곳을 보아야 하고, 어텐션이
# 쓸모 있으려면 값이 먼저 쓸모 있어야 하기 때문입니다. 큰 모델의 학습 곡선에서도 이런 고원이 보입니다.
#
# 손실을 매기는 토큰은 가린 것뿐이라는 점도 보세요. 모든 자리에서 다음 토큰을 맞히는 GPT보다 한 걸음에 얻는 신호가 적습니다. 그 대신 앞뒤를 다 봅니다.
#
# *왜 틀릴 수 있을까요?* 백과사전은 같은 틀에서 나온 문장이 많아 맞히기 쉬운 글입니다. 남겨 둔 문장도 같은 틀이므로, 이 정확도를 실제 글로 옮기면 안 됩니다. 시드도 하나입니다. 조절값(층 하나, 가리는 비율, 처음 무게의 크기)은 이 짧은 시간에 잘 배우도록 미리 골라 둔 것입니다.
#
# 싣는 모델은 같은 규칙과 `lab_utils.masked_language_model`의 설정으로 영화 리뷰, 대화, 백과사전을 읽었습니다. 다시 학습하려면 아래의 값을 바꾸세요(말뭉치와 GPU, 또는 오랜 시간의 CPU가 필요합니다. 중간에 멈추면 이어서 합니다).

# %%
TRAIN_FULL = False
if TRAIN_FULL:
    from lab_utils.runtime import checkpoint_folder

    folder = checkpoint_folder() / "korean-bert"
    full_recipe = mlm.RECIPES["korean-bert"]
    bert = mlm.train(full_recipe, mlm.prepare(mlm.reviews_and_sentences(), full_recipe, folder), folder).cpu()
    from tokenizers import Tokenizer

    mlm.save_pretrained(bert, Tokenizer.from_file(str(folder / "tokenizer.json")), folder / "model")
    bert, tokenizer = mlm.load_pretrained(folder / "model")
print("설정:", mlm.RECIPES["korean-bert"])

# %% [markdown]
# ## 7. 가린 자리에 무엇이 올까: 맞히는 것과 틀리는 것
#
# 싣는 모델에게 빈칸을 물어봅니다. 앞의 셋은 리뷰에 흔한 말, 가운데 셋은 사실, 마지막 둘은 셈과 상식입니다.

# %%
BLANKS = ["이 영화 정말 [MASK] 봤습니다.", "배우들의 [MASK] 연기가 돋보이는 영화", "돈이 [MASK] 영화였다.",
          "프랑스의 수도는 [MASK]이다.", "호주의 수도는 [MASK]이다.", "고래는 [MASK]에 사는 동물이다.",
          "둘에 셋을 더하면 [MASK]이다.", "불에 손을 대면 [MASK]."]
pd.DataFrame([{"글": text, "앞에서 다섯 (확률)": ", ".join(f"{token} {p:.2f}" for token, p in contextual.mask_predictions(bert, tokenizer, text))} for text in BLANKS]).set_index("글")

# %% [markdown]
# 표를 하나씩 읽어 보세요. 문장의 꼴(명사가 올 자리인지, 부사가 올 자리인지)은 잘 지키는지, 사실은 맞는지, 셈은 하는지. 그럴듯함과 맞음은 다릅니다. 모델이 배운 것은 **그 자리에 올 만한 토큰**이지 참인 문장이 아닙니다.
#
# 예 몇 개로는 말할 수 없으므로 셉니다. 이 모델은 백과사전의 문장을 배울 때 읽었고(뜻 이름표는 본 적 없습니다), `polysemy_new.tsv`의 문장은 읽은 적이 없습니다. 토큰을 하나씩 가리고 맞히되, 기준선으로 **모든** 토큰을 가린 채 맞힌 손실을 둡니다. 문맥이 없을 때의
# 그 모델 자신입니다.
#
# > **예측해 보세요.** 읽은 적이 없는 문장에서, 가린 토큰이 첫 번째 답인 비율은?

# %%
predict("07-unseen", choices=["20% 미만", "20~40%", "40~60%", "60% 이상"], mine=None)

# %%
def without_context(texts):
    """모든 토큰을 가린 채 맞힐 때, 글마다의 손실의 평균"""
    result = []
    for text in texts:
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        hidden = ids.clone()
        hidden[0, 1:-1] = tokenizer.mask_token_id
        with torch.no_grad():
            result.append(F.cross_entropy(bert(input_ids=hidden).logits[0, 1:-1], ids[0, 1:-1]).item())
    return np.array(result)


read_before = polysemy.sentence.sample(len(plain), random_state=0).tolist()
rows, gains = [], {}
for name, texts, found in (("읽은 글(백과사전)", read_before, contextual.guess_each_token(bert, tokenizer, read_before)), ("처음 보는 글", plain, original)):
    alone, by_text = without_context(texts), found.groupby("text")
    gains[name] = alone - by_text.nats.mean().to_numpy()
    first, five = found.assign(hit=found["rank"] == 1).groupby("text").hit.mean(), found.assign(hit=found["rank"] <= 5).groupby("text").hit.mean()
    rows.append({"글": name, "문장": len(texts), "토큰": len(found), "문맥 없이 (나트)": alone.mean(), "하나만 가리고 (나트)": by_text.nats.mean().mean(),
                 **{f"{column} [95% 구간]": "{:.1%} [{:.1%}, {:.1%}]".format(value.mean(), *evaluation.bootstrap_interval(np.mean, value))
                    for column, value in (("첫 답이 맞음", first), ("다섯 안에", five))}})
hit = rows[1]["첫 답이 맞음 [95% 구간]"]
share = (original["rank"] == 1).groupby(original.text).mean().mean()
compare("07-unseen", 1 if share < 0.2 else 2 if share < 0.4 else 3 if share < 0.6 else 4)
low, high = evaluation.bootstrap_interval(np.mean, gains["처음 보는 글"])
print(f"처음 보는 글에서 문맥이 줄여 준 손실: {gains['처음 보는 글'].mean():.2f}나트 [{low:.2f}, {high:.2f}]")
pd.DataFrame(rows).round(2).set_index("글")

# %% [markdown]
# 두 줄의 차이에는 **외운 것**과 **쉬운 것**이 섞여 있습니다. 읽은 글은 백과사전이고 처음 보는 글은 입말에 가깝습니다. 그래도 문맥이 줄여 준 손실이 0보다 크다면, 모델은 처음 보는 문장에서도 둘레를 쓰고 있습니다.
#
# ### 부정을 듣는가
# 마스크 언어 모델의 알려진 약점은 부정입니다(Kassner & Schütze, 2020; Ettinger, 2020). 이유만 바꾼 세 문장에서 빈칸의 점수, 곧 $\log P(\text{호평하는 말}) - \log P(\text{혹평하는 말})$를 견줍니다. 부정을 알아들었다면 부정문의 점수는 반대말의 점수에 가까워야 합니다.
#
# > **예측해 보세요.** `재미있지 않아서`의 점수는 `재미있어서`와 `재미없어서` 가운데 어느 쪽에 가까울까요?

# %%
predict("07-negation", choices=["재미있어서 (부정을 듣지 못한다)", "재미없어서 (부정을 듣는다)", "가를 수 없다(구간이 걸친다)"], mine=None)

# %%
GOOD = [t for t in ("좋았다", "좋다", "최고", "감동", "추천", "만족", "재밌었다", "좋았어요", "좋습니다", "재미있었다") if t in tokenizer.get_vocab()]
BAD = [t for t in ("실망", "별로", "최악", "지루했다", "아깝다", "쓰레기", "졸작", "아쉽다", "싫었다", "후회") if t in tokenizer.get_vocab()]
REASONS = [("재미있어서", "재미없어서", "재미있지 않아서"), ("연기가 좋아서", "연기가 나빠서", "연기가 좋지 않아서"), ("감동적이어서", "지루해서", "감동적이지 않아서"), ("웃겨서", "안 웃겨서", "웃기지 않아서"),
           ("무서워서", "안 무서워서", "무섭지 않아서"), ("내용이 훌륭해서", "내용이 엉망이어서", "내용이 훌륭하지 않아서"), ("볼 만해서", "볼 것이 없어서", "볼 만하지 않아서"), ("음악이 아름다워서", "음악이 시끄러워서", "음악이 아름답지 않아서")]


def praise(text):
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        log_p = bert(**inputs).logits[inputs["input_ids"] == tokenizer.mask_token_id][0].log_softmax(-1)
    good, bad = (torch.logsumexp(log_p[tokenizer.convert_tokens_to_ids(words)], 0).item() for words in (GOOD, BAD))
    return good - bad


points = np.array([[praise(f"이 영화는 {reason} 정말 [MASK]") for reason in three] for three in REASONS])        # (틀, [긍정, 반대말, 부정])
nearer = np.abs(points[:, 2] - points[:, 1]) - np.abs(points[:, 2] - points[:, 0])                              # 양수: 긍정 쪽에 가깝다
low, high = evaluation.bootstrap_interval(np.mean, nearer)
compare("07-negation", 1 if low > 0 else 2 if high < 0 else 3)
print(f"호평 {len(GOOD)}낱말, 혹평 {len(BAD)}낱말. 점수의 평균: 긍정문 {points[:, 0].mean():+.2f}, 반대말 {points[:, 1].mean():+.2f}, 부정문 {points[:, 2].mean():+.2f}")
print(f"(반대말까지의 거리) − (긍정문까지의 거리) = {nearer.mean():+.2f} [{low:+.2f}, {high:+.2f}] (틀 {len(points)}개, 양수면 부정문이 긍정문 쪽)")
opposite = points[:, 0] - points[:, 1]
low, high = evaluation.bootstrap_interval(np.mean, opposite)
print(f"반대말은 알아듣는가: 긍정문 − 반대말 = {opposite.mean():+.2f} [{low:+.2f}, {high:+.2f}]")
pd.DataFrame(points.round(2), index=[three[0] for three in REASONS], columns=["긍정문", "반대말", "부정문"])

# %% [markdown]
# 마지막 줄(반대말을 알아듣는가)부터 보세요. 그것이 0보다 크지 않다면 이 시험은 아무것도 가르지 못하므로 부정에 대해 말할 수 없습니다. 크다면 그 앞줄이 부정문이 어느 쪽에 가까운지 말해 줍니다.
#
# *왜 틀릴 수 있을까요?* 틀이 여덟 개뿐이고, 호평과 혹평의 낱말은 우리가 골랐습니다. `무서워서`처럼 칭찬이기도 흠이기도 한 말도 있습니다. 표에서 틀마다 부호를 확인하세요.

# %% [markdown]
# ## 8. 정적 벡터와 문맥 벡터: 뜻이 갈라지는가
#
# 이제 본래의 물음입니다. 198문장에서 `배`, `사과`, `눈`, `차`, `신`, `밤`의 문맥 벡터를 꺼내 뜻마다 모이는지 봅니다. 낱말의 벡터는 그 낱말을 **덮는 조각들의 벡터의 평균**입니다. 조각이 어느 글자를 덮는지는 토크나이저가 알려 주는 문자 자리(offset)로 압니다.

# %% [markdown]
# ### ✏️ 연습 7-4 (2점): 낱말의 벡터
# 토큰 벡터 `hidden`(T×d), 조각마다의 문자 자리 `offsets`((시작, 끝)의 목록, 끝은 들어가지 않음; 특수 토큰은 (0, 0)), 낱말의 문자 자리 `start`, `end`를 받아 낱말을 덮는 조각들의 벡터의 평균을 돌려주는 `word_vector`를 완성하세요. 한 글자라도 겹치면 덮는 조각입니다.
#
# <details><summary>힌트 1</summary> 두 구간 [a, b)와 [start, end)가 겹칠 조건은 a &lt; end 이고 b &gt; start 입니다. </details>
# <details><summary>힌트 2</summary> 낱말이 글의 맨 앞(start = 0)일 때 [CLS]의 (0, 0)이 끼지 않는지 확인하세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "07-word-vector", "grade": false, "solution": true, "locked": false, "task": false}
def word_vector(hidden, offsets, start, end):
    ### BEGIN SOLUTION
    covering = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
    return np.mean([hidden[i] for i in covering], axis=0)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "07-word-vector-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("07-word-vector", points=2, hint="겹치는 조각: a < end and b > start. [CLS], [SEP]의 (0, 0)은 어느 낱말과도 겹치지 않습니다."):
    pieces = np.array([[100.0, 0], [1, 0], [3, 0], [0, 5], [0, 100]])                  # [CLS] 사 ##과를 먹다 [SEP]
    where = [(0, 0), (0, 1), (1, 3), (4, 6), (0, 0)]
    assert np.allclose(word_vector(pieces, where, 0, 2), [2, 0]), "사과(0~2)는 둘째와 셋째 조각에 걸쳐 있습니다."
    assert np.allclose(word_vector(pieces, where, 4, 6), [0, 5])

# %% [markdown]
# 뜻이 갈라졌는지는 두 가지로 잽니다.
# - **실루엣**(silhouette): 같은 뜻끼리의 평균 거리 $a$와 가장 가까운 다른 뜻까지의 평균 거리 $b$로 만든 $(b - a) / \max(a, b)$. 1이면 뚜렷하게 갈라졌고 0이면 섞였습니다.
# - **하나씩 빼는 프로브**(leave-one-out probe): 한 문장을 빼고 뜻마다 나머지의 중심(평균)을 구해, 뺀 문장이 어느 중심에 가까운지 봅니다. 조절할 것이 없는 선형 분류기입니다.

# %% [markdown]
# ### ✏️ 연습 7-5 (3점): 하나씩 빼는 프로브
# 벡터 `vectors`(n×d)와 뜻 `labels`(길이 n)를 받아, 각 벡터를 **자기를 뺀** 뜻의 중심 가운데 가장 가까운 것(유클리드 거리)으로 분류했을 때의 정답률을 돌려주는 `leave_one_out`을 완성하세요. 뜻마다 벡터가 둘 이상 있습니다. 벡터의 길이는 손대지 않습니다.
#
# <details><summary>힌트 1</summary> 다른 뜻의 중심은 그대로이고, 자기 뜻의 중심만 자기를 빼고 다시 구합니다. </details>
# <details><summary>힌트 2</summary> <code>keep = np.arange(n) != i</code>로 i를 뺀 뒤, 뜻마다 <code>vectors[keep &amp; (labels == 뜻)].mean(axis=0)</code>을 구하세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "07-leave-one-out", "grade": false, "solution": true, "locked": false, "task": false}
def leave_one_out(vectors, labels):
    ### BEGIN SOLUTION
    labels, names = np.asarray(labels), np.unique(labels)
    right = 0
    for i, vector in enumerate(vectors):
        keep = np.arange(len(labels)) != i
        far = [np.linalg.norm(vector - vectors[keep & (labels == name)].mean(axis=0)) for name in names]
        right += names[int(np.argmin(far))] == labels[i]
    return right / len(labels)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "07-leave-one-out-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("07-leave-one-out", points=3, hint="뺀 벡터가 자기 뜻의 중심에 들어가 있으면 답을 미리 본 것입니다."):
    line = np.array([[0.0], [1.0], [10.0], [11.0]])
    assert np.isclose(leave_one_out(line, np.array(["가", "가", "나", "나"])), 1)
    tricky = np.array([[0.0], [3.0], [5.0], [6.0]])
    assert np.isclose(leave_one_out(tricky, np.array(["가", "가", "나", "나"])), 3 / 4), "3.0은 자기를 빼면 가의 중심(0)보다 나의 중심(5.5)에 가깝습니다."
    cloud = np.random.default_rng(0).normal(size=(12, 3))
    told = np.array(["가", "나", "다"] * 4)
    unit = similarity.unit_rows(cloud)
    assert np.isclose(leave_one_out(unit, told), contextual.probe(cloud, told).accuracy), "패키지의 값과 다릅니다."

# %% [markdown]
# 상대를 공정하게 고릅시다. 정적 벡터 하나로는 원리상 못 하니, 이겨도 자랑이 아닙니다. 진짜 상대는 **둘레 낱말의 정적 벡터의 평균**입니다(05강의 글 벡터; 흔한 낱말의 무게를 줄입니다). 여러 가지로 만들고, 가장 잘하는 것을 상대로 삼습니다.
#
# | 이름 | 무엇을 보는가 |
# |---|---|
# | 정적 벡터 | 낱말 자신의 PPMI + SVD 벡터. 문장마다 같습니다 |
# | 이웃의 낱말 주머니 | 둘레 낱말의 TF-IDF (벡터를 배우지 않음) |
# | 이웃 평균 | 둘레 낱말의 PPMI + SVD 벡터의 평균: 문장 전체, 또는 앞뒤 세 낱말 |
# | 이웃 평균 (BERT 임베딩) | 둘레 조각의 BERT 입력 임베딩의 평균. **같은 글**에서 배운 정적 벡터입니다 |
# | 학습하지 않은 BERT | 난수 무게. 구조만으로 되는 만큼을 알려 줍니다 |
# | 수업의 BERT | 6절에서 방금 학습한 것. 이 198문장을 읽은 적이 없습니다 |
# | 싣는 BERT | 백과사전도 읽었습니다(뜻의 이름표는 보지 못했습니다) |
#
# 층을 고르는 것도 조심해야 합니다. 가장 좋은 층을 **같은 자료에서** 고르면 점수가 부풉니다. 그래서 낱말마다, 나머지 다섯 낱말에서 가장 좋은 층을 씁니다.
#
# > **예측해 보세요.** 싣는 BERT의 정답률은 가장 좋은 이웃 평균보다 얼마나 높을까요? (95% 구간으로 판단합니다.)

# %%
predict("07-rival", choices=["BERT가 높다", "가를 수 없다(구간이 0을 품는다)", "이웃 평균이 높다"], mine=None)

# %%
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import silhouette_samples

sense, word_of = polysemy.sense.to_numpy(str), polysemy.word.to_numpy(str)
layered = contextual.word_vectors(bert, tokenizer, polysemy.sentence, polysemy.word)                          # (198, 층 + 1, d)


def around(found, word, reach=None):
    """낱말 자신을 뺀 둘레의 토큰들: 문장 전체, 또는 앞뒤 reach개"""
    if reach is not None and word in found:
        middle = found.index(word)
        found = found[max(0, middle - reach) : middle + reach + 1]
    return [token for token in found if token != word]


def piece_neighbours(frame):
    """둘레의 조각들: 낱말을 덮는 조각과 특수 토큰은 뺌"""
    result = []
    for text, word in zip(frame.sentence, frame.word):
        begin, end = contextual.find_word(text, word)
        encoded = tokenizer(text, return_offsets_mapping=True)
        result.append([token for token, (a, b) in zip(encoded.tokens(), encoded["offset_mapping"]) if b > a and not (a < end and b > begin)])
    return result


piece_counts = np.ones(config.vocab_size)
for ids in tokenizer(encyclopedia.sentence.tolist(), add_special_tokens=False)["input_ids"]:
    np.add.at(piece_counts, ids, 1)
pieces = cooccurrence.Vocabulary(tokenizer.convert_ids_to_tokens(list(range(config.vocab_size))), piece_counts)
piece_vectors = bert.bert.embeddings.word_embeddings.weight.detach().numpy()
neighbours = [around(found, word) for found, word in zip(polysemy_tokens, word_of)]
bags = TfidfVectorizer(analyzer=list).fit([around(found, "") for found in content])


def rivals(frame, tokens):
    whole = [around(found, word) for found, word in zip(tokens, frame.word)]
    near = [around(found, word, 3) for found, word in zip(tokens, frame.word)]
    return {"이웃의 낱말 주머니 (TF-IDF)": bags.transform(whole).toarray(), "이웃 평균, 문장 전체": contextual.neighbour_means(whole, static, vocabulary),
            "이웃 평균, 앞뒤 세 낱말": contextual.neighbour_means(near, static, vocabulary),
            "이웃 평균 (BERT 임베딩)": contextual.neighbour_means(piece_neighbours(frame), piece_vectors, pieces)}


def chosen_layers(vectors):
    """층마다의 프로브와, 낱말마다 나머지 다섯 낱말로 고른 층 (198,)"""
    probes = [contextual.probe(vectors[:, depth], sense, word_of, shuffles=100) for depth in range(vectors.shape[1])]
    each = np.array([p.each for p in probes])                                                                  # (층 + 1, 198)
    layer = np.array([each[:, word_of != word].mean(axis=1).argmax() for word in word_of])
    return probes, layer


def picked(vectors, layer):
    return vectors[np.arange(len(vectors)), layer]


silhouettes = {}


def measured(name, vectors, rival=None):
    """표의 한 줄: 프로브, 실루엣, 가장 좋은 이웃 평균과의 차이"""
    found = contextual.probe(vectors, sense, word_of, shuffles=100)
    each = np.concatenate([silhouette_samples(vectors[word_of == w], sense[word_of == w], metric="cosine") for w in WORDS])
    silhouettes[name] = each
    row = {"방법": name, "프로브 정답률 [95% 구간]": f"{found.accuracy:.3f} [{found.low:.3f}, {found.high:.3f}]",
           "섞은 이름표 [가운데 95%]": f"{found.shuffled:.3f} [{found.shuffled_low:.3f}, {found.shuffled_high:.3f}]", "실루엣": round(float(each.mean()), 3)}
    if rival is not None:
        low, high = evaluation.bootstrap_interval(np.mean, found.each - rival.each)
        row["가장 좋은 이웃 평균과의 차이"] = f"{np.mean(found.each - rival.each):+.3f} [{low:+.3f}, {high:+.3f}]"
    return row, found


same = static[[vocabulary.index[word] for word in word_of]]
assert all(np.ptp(same[word_of == word], axis=0).max() == 0 for word in WORDS)                                 # 문장마다 같은 벡터
around_them = rivals(polysemy, polysemy_tokens)
rival_probes = {name: contextual.probe(vectors, sense, word_of, shuffles=0) for name, vectors in around_them.items()}
best_rival = max(rival_probes, key=lambda name: rival_probes[name].accuracy)
rows, results = [], {}
for name, vectors in {"정적 벡터": same, **around_them}.items():
    row, results[name] = measured(name, vectors)
    rows.append(row)
UNTRAINED_SEEDS = by_profile(smoke=1, laptop=3, gpu=5)
untrained_each = []
for seed in range(UNTRAINED_SEEDS):
    torch.manual_seed(seed)
    untrained = type(bert)(config).eval()
    vectors = contextual.word_vectors(untrained, tokenizer, polysemy.sentence, polysemy.word)
    found = picked(vectors, chosen_layers(vectors)[1])
    row, result = measured(f"학습하지 않은 BERT (시드 {seed})", found, rival_probes[best_rival])
    untrained_each.append(result.accuracy)
    if seed == 0:
        rows.append(row)
        results[row["방법"]] = result
class_layered = contextual.word_vectors(class_bert, class_tokenizer, polysemy.sentence, polysemy.word)
for name, vectors in (("수업의 BERT", class_layered), ("싣는 BERT", layered)):
    layer_probes, layer = chosen_layers(vectors)
    row, results[name] = measured(name, picked(vectors, layer), rival_probes[best_rival])
    rows.append(row)
layer_of = dict(zip(word_of, layer))
gap = results["싣는 BERT"].each - rival_probes[best_rival].each
low, high = evaluation.bootstrap_interval(np.mean, gap)
compare("07-rival", 1 if low > 0 else 3 if high < 0 else 2)
print(f"가장 좋은 이웃 평균: {best_rival}. 낱말마다 고른 층: {', '.join(f'{w} {depth}층' for w, depth in layer_of.items())}")
print(f"학습하지 않은 BERT, 시드 {UNTRAINED_SEEDS}개의 정답률: {', '.join(f'{a:.3f}' for a in untrained_each)}")
pd.DataFrame(rows).fillna("").set_index("방법")

# %%
fig, axis = plt.subplots(figsize=(7.5, 4))
places = np.arange(len(results))[::-1]
for place, found in zip(places, results.values()):
    axis.plot([found.shuffled_low, found.shuffled_high], [place, place], color="#999999", linewidth=7, alpha=0.5, label="섞은 이름표(가운데 95%)" if place == places[0] else None)
    axis.errorbar(found.accuracy, place, xerr=[[found.accuracy - found.low], [found.high - found.accuracy]], fmt="o", color="#0072B2", capsize=3,
                  label="정답률과 95% 구간" if place == places[0] else None)
axis.set_yticks(places, list(results))
axis.set(xlabel="뜻을 맞힌 비율 (198문장, 하나씩 빼기)", xlim=(0.2, 1.03))
axis.legend(loc="lower left")
show(fig, alt="방법마다 뜻을 맞힌 비율과 구간. " + ", ".join(f"{name} {found.accuracy:.2f}" for name, found in results.items()) + ". 섞은 이름표에서는 모두 0.5 안팎이다.")

# %% [markdown]
# 읽는 순서입니다.
# 1. **정적 벡터**는 뜻의 수로 나눈 우연에 그대로 있습니다. 모든 문장에서 같은 벡터이니 당연합니다. 실루엣도 0입니다.
# 2. **이웃 평균**이 얼마나 하는지 보세요. 뜻을 가리는 정보의 많은 부분은 그저 **곁에 어떤 낱말이 있는지**에 있습니다. "문맥 임베딩이라야 다의어를 푼다"는 말은 여기서 한 번 걸러야 합니다.
# 3. **학습하지 않은 BERT**가 우연보다 높다면, 그만큼은 배움이 아니라 섞는 구조의 몫입니다.
# 4. **싣는 BERT**와 이웃 평균의 차이는 같은 문장에서 짝지어 뽑은 구간으로 판단합니다. 예측의 결과가 그것입니다.
# 5. **섞은 이름표**는 모두 우연 수준이어야 합니다. 그렇지 않다면 프로브가 속임수를 쓰는 것입니다.
#
# 그림으로도 봅니다. `배`의 벡터 48개를 0층(입력 임베딩)과 고른 층에서 두 방향으로 비추었습니다.

# %%
SHOWN = "배"
mine = word_of == SHOWN
fig, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
kept = []
for axis, level in zip(axes, (0, layer_of[SHOWN])):
    rows_ = similarity.unit_rows(layered[mine, level])
    rows_ = rows_ - rows_.mean(axis=0)
    left_part, strength, _ = np.linalg.svd(rows_, full_matrices=False)
    spots = left_part[:, :2] * strength[:2]
    kept.append((strength[:2] ** 2).sum() / (strength**2).sum())
    for name, marker in zip(np.unique(sense[mine]), "o^s"):
        axis.plot(*spots[sense[mine] == name].T, marker, alpha=0.8, label=name)
    score = silhouette_samples(layered[mine, level], sense[mine], metric="cosine").mean()
    axis.set(title=f"{level}층, 실루엣 {score:.2f}", xticks=[], yticks=[])
axes[0].legend()
show(fig, alt=f"‘배’ {mine.sum()}개의 벡터를 뜻마다 다른 기호로 찍은 그림 둘. 0층에서는 조각과 자리가 같은 것끼리 모이고 뜻은 섞여 있다. {layer_of[SHOWN]}층에서는 뜻마다 얼마나 갈라지는지 볼 수 있다. "
              f"두 방향에 남은 분산은 {kept[0]:.0%}와 {kept[1]:.0%}이다.")
wrong = polysemy[mine].assign(맞힘=results["싣는 BERT"].each[mine])
wrong = wrong[wrong.맞힘 < 1]
print(f"‘{SHOWN}’에서 틀린 문장 {len(wrong)}개" + (":" if len(wrong) else "") + "".join(f"\n  [{row.sense}] {row.sentence}" for row in wrong.itertuples()))

# %% [markdown]
# 0층이 한 점이 아닌 것에 주의하세요. 입력 임베딩에는 자리 벡터가 더해져 있고, `배가`와 `배를`처럼 조사까지 한 조각인 경우 조각이 서로 다릅니다. 그래서 0층의 정답률은 우연과 조금 다를 수 있습니다(9절의 그림).
#
# ### 처음 보는 문장으로 시험하기
# 싣는 BERT는 198문장을 읽은 적이 있고, 그 문장들은 사전의 말투입니다. 그래서 모델이 읽은 적 없는 문장에서 다시 봅니다. 198문장에서 뜻의 중심을 구하고, 같은 열세 가지 뜻의 **새 문장**(입말)이 어느 중심에 가까운지 봅니다.

# %%
fresh = korean_new[[pair in set(zip(word_of, sense)) for pair in zip(korean_new.word, korean_new.sense)]].reset_index(drop=True)
fresh_tokens = list(tokenization.morphemes(fresh.sentence, keep=CONTENT, progress=False))


def transfer(train, test):
    """198문장의 중심으로 새 문장의 뜻 맞히기: 맞으면 1 (n,)"""
    train, test = similarity.unit_rows(train), similarity.unit_rows(test)
    hits = np.zeros(len(fresh))
    for word in WORDS:
        names = np.unique(sense[word_of == word])
        centres = np.array([train[(word_of == word) & (sense == name)].mean(axis=0) for name in names])
        asked = np.flatnonzero(fresh.word == word)
        guess = names[((test[asked, None] - centres) ** 2).sum(axis=2).argmin(axis=1)]
        hits[asked] = guess == fresh.sense[asked]
    return hits


fresh_rivals = rivals(fresh, fresh_tokens)
fresh_hits = {name: transfer(around_them[name], fresh_rivals[name]) for name in around_them}
for name, model, its_tokenizer, train in (("수업의 BERT", class_bert, class_tokenizer, class_layered), ("싣는 BERT", bert, tokenizer, layered)):
    test = contextual.word_vectors(model, its_tokenizer, fresh.sentence, fresh.word)
    level = int(np.argmax([contextual.probe(train[:, depth], sense, word_of, shuffles=0).accuracy for depth in range(train.shape[1])]))      # 198문장에서 고른 층
    fresh_hits[f"{name} ({level}층)"] = transfer(train[:, level], test[:, level])
best_fresh_rival = max(around_them, key=lambda name: fresh_hits[name].mean())
rows = []
for name, hits in fresh_hits.items():
    low, high = evaluation.bootstrap_interval(np.mean, hits)
    apart_low, apart_high = evaluation.bootstrap_interval(np.mean, hits - fresh_hits[best_fresh_rival])
    rows.append({"방법": name, f"새 문장 {len(fresh)}개의 정답률 [95% 구간]": f"{hits.mean():.3f} [{low:.3f}, {high:.3f}]",
                 "가장 좋은 이웃 평균과의 차이": "" if name in around_them else f"{np.mean(hits - fresh_hits[best_fresh_rival]):+.3f} [{apart_low:+.3f}, {apart_high:+.3f}]"})
print(f"가장 좋은 이웃 평균(새 문장에서 고름): {best_fresh_rival}. 늘 가장 흔한 뜻이라고 답하면 {1 / len(set(zip(fresh.word, fresh.sense))) * len(WORDS):.3f}")
pd.DataFrame(rows).set_index("방법")

# %% [markdown]
# 말투와 낱말이 달라지면 곁의 낱말이 그대로 나오는 일이 줄어듭니다. 낱말을 세거나 평균하는 방법이 여기서 얼마나 떨어지는지, 문맥 벡터는 얼마나 버티는지 앞의 표와 견주어 보세요. 상대는 **새 문장의 점수를 보고** 골랐으니 상대에게 유리한 비교입니다.
#
# *왜 틀릴 수 있을까요?*
# - 뜻마다 문장이 여섯에서 열여섯 개입니다. 구간이 넓고, 문장을 모두 한 사람이 썼습니다.
# - 이웃 평균에 쓴 PPMI + SVD는 7천 문장에서, BERT는 수십만 건의 리뷰에서 배웠습니다. 그래서 같은 글에서 배운 BERT 임베딩의 평균을 함께 두었습니다. 리뷰 전체에서 배운 정적 벡터라면 더 나을 수도 있습니다.
# - `배가`처럼 조사와 한 조각인 벡터에는 조사의 정보도 들어 있습니다. 뜻에 따라 붙는 조사가 다르면 그것만으로 조금 맞힐 수 있습니다. 0층과 섞은 이름표가 그 크기를 알려 줍니다.

# %% [markdown]
# ## 9. 몇 번째 층인가
#
# 층마다 다른 것이 읽힌다고 알려져 있습니다. 아래층은 글자와 자리, 가운데는 문법, 위층은 뜻이라고들 합니다(Jawahar et al., 2019; Tenney et al., 2019). 층이 네 개뿐인 모델에서도 그럴까요? 같은 프로브로 세 가지를 읽습니다.
# - **뜻**: 8절의 198문장(낱말마다 따로)
# - **주제**: 백과사전 문장의 토큰 벡터의 평균으로 문장의 주제(동물, 나라, …) 맞히기
# - **자리**: 토큰 하나의 벡터로 그것이 문장의 몇 번째 토큰(1~8)인지 맞히기
#
# > **예측해 보세요.** 뜻이 가장 잘 읽히는 층은?

# %%
predict("07-layer", choices=["0층(입력 임베딩)", "가운데 층", "마지막 층", "가를 수 없다(가장 좋은 층과 마지막 층의 차이의 구간이 0을 품는다)"], mine=None)

# %%
common = encyclopedia.topic.value_counts()
sampled = encyclopedia[encyclopedia.topic.isin(common[common >= 150].index) & (encyclopedia.topic != "polysemy")]
sampled = sampled.sample(by_profile(smoke=150, laptop=500, gpu=2000), random_state=0).reset_index(drop=True)
sampled = sampled[sampled.topic.map(sampled.topic.value_counts()) >= 2].reset_index(drop=True)
encoded = contextual.token_vectors(bert, tokenizer, sampled.sentence)
means = np.array([found.vectors[1:-1].mean(axis=0) for found in encoded])                                      # (문장, 층 + 1, d)
picks = np.random.default_rng(0)
where = np.array([(i, picks.integers(1, min(8, len(found.tokens) - 2) + 1)) for i, found in enumerate(encoded) for _ in range(2)])
token_rows = np.array([encoded[i].vectors[place] for i, place in where])                                       # (토큰, 층 + 1, d)

tasks = {"뜻": [contextual.probe(layered[:, depth], sense, word_of, shuffles=50) for depth in range(LAYERS + 1)],
         "주제": [contextual.probe(means[:, depth], sampled.topic.to_numpy(str), shuffles=20) for depth in range(LAYERS + 1)],
         "자리": [contextual.probe(token_rows[:, depth], where[:, 1], shuffles=20) for depth in range(LAYERS + 1)]}
best_layers = {}
for name, probes in tasks.items():
    top = int(np.argmax([p.accuracy for p in probes]))
    low, high = evaluation.bootstrap_interval(np.mean, probes[top].each - probes[-1].each)
    best_layers[name] = top, low
    print(f"{name} ({len(probes[0].each)}개): " + ", ".join(f"{depth}층 {p.accuracy:.3f}" for depth, p in enumerate(probes))
          + f". 가장 좋은 {top}층과 마지막 층의 차이 {probes[top].accuracy - probes[-1].accuracy:+.3f} [{low:+.3f}, {high:+.3f}]")
top, low = best_layers["뜻"]
compare("07-layer", 3 if top == LAYERS else 4 if low <= 0 else 1 if top == 0 else 2)

fig, axis = plt.subplots(figsize=(7, 4))
for (name, probes), marker in zip(tasks.items(), "os^"):
    middle = np.array([p.accuracy for p in probes])
    line = axis.errorbar(range(LAYERS + 1), middle, yerr=[middle - [p.low for p in probes], [p.high for p in probes] - middle], fmt=f"{marker}-", capsize=3, label=name)
    axis.plot(range(LAYERS + 1), [p.shuffled for p in probes], ":", color=line[0].get_color())
axis.set_xticks(range(LAYERS + 1), [f"{depth}층" for depth in range(LAYERS + 1)])
axis.set(ylabel="프로브 정답률 (막대: 95% 구간)", ylim=(0, 1.03), title="층마다 읽히는 것 (점선: 섞은 이름표)")
axis.legend()
show(fig, alt="층마다 세 프로브의 정답률. " + "; ".join(f"{name} " + ", ".join(f"{p.accuracy:.2f}" for p in probes) for name, probes in tasks.items())
              + f" (0층부터 {LAYERS}층까지). 점선은 섞은 이름표로, " + ", ".join(f"{name} {np.mean([p.shuffled for p in probes]):.2f}" for name, probes in tasks.items()) + "쯤이다.")

# %% [markdown]
# "가장 좋은 층"은 **무엇을 읽느냐**에 따라 다릅니다. 자리는 아래층에서 잘 읽히다가 위로 갈수록 흐려지는지, 뜻은 몇 층에서 갑자기 오르는지 그림에서 확인하세요. 마지막 층은 가린 토큰을 맞히는 일에 맞추어져 있어서, 다른 일에는 그 아래층이 나은 경우가 많다고
# 알려져 있습니다. 이 모델에서 그 차이가 우연보다 큰지는 위에 적힌 구간이 말해 줍니다.
#
# *왜 틀릴 수 있을까요?* 프로브가 읽어 낸다고 해서 모델이 그 정보를 **쓴다**는 뜻은 아닙니다(Belinkov, 2022). 중심까지의 거리로 읽는 프로브는 약합니다. 더 센 프로브라면 순서가 바뀔 수 있습니다. 그리고 여러 층 가운데 최댓값을 고른 것이니, 그 점수는 조금 부풀어 있습니다.

# %% [markdown]
# ## 10. 등방성과 자기 유사도
#
# 05강에서 벡터들이 한쪽으로 쏠려 있으면 아무 두 낱말의 코사인도 크다는 것을 보았습니다(이방성, anisotropy). Ethayarajh(2019)는 BERT와 GPT-2의 문맥 벡터가 위층으로 갈수록 그렇다고 보고했습니다. 두 가지를 잽니다.
# - **평균 코사인**: 서로 다른 문장에서 아무렇게나 뽑은 토큰 벡터끼리의 코사인의 평균. 0이면 고르게 퍼졌습니다(등방).
# - **자기 유사도**(self-similarity): 같은 낱말이 서로 다른 문장에서 낸 벡터끼리의 코사인의 평균. 정적 벡터라면 1입니다. 쏠림 때문에 큰 것인지 가리려면 **평균 코사인을 빼고** 읽어야 합니다.
#
# > **예측해 보세요.** 층이 올라가면 여섯 다의어의 (쏠림을 뺀) 자기 유사도는?

# %%
predict("07-self-similarity", choices=["커진다", "작아진다", "가를 수 없다"], mine=None)

# %%
rounds = []
for seed in range(5):
    draw = np.random.default_rng(seed)
    rows_ = np.array([found.vectors[draw.integers(1, len(found.tokens) - 1)] for found in encoded])            # 문장마다 토큰 하나
    rounds.append([geometry.mean_cosine(rows_[:, depth]) for depth in range(LAYERS + 1)])
rounds = np.array(rounds)                                                                                      # (뽑기, 층 + 1)
baseline = rounds.mean(axis=0)
own = np.array([[geometry.mean_cosine(layered[word_of == word, depth]) for depth in range(LAYERS + 1)] for word in WORDS])
within, between = np.empty((2, len(sense), LAYERS + 1))
for depth in range(LAYERS + 1):
    rows_ = similarity.unit_rows(layered[:, depth])
    cosines = rows_ @ rows_.T
    for i in range(len(sense)):
        family = (word_of == word_of[i]) & (np.arange(len(sense)) != i)
        within[i, depth], between[i, depth] = cosines[i, family & (sense == sense[i])].mean(), cosines[i, family & (sense != sense[i])].mean()
drop = (own - baseline)[:, -1] - (own - baseline)[:, 0]
low, high = evaluation.bootstrap_interval(np.mean, drop)
compare("07-self-similarity", 1 if low > 0 else 2 if high < 0 else 3)
print(f"쏠림을 뺀 자기 유사도, 마지막 층 − 0층: {drop.mean():+.3f} [{low:+.3f}, {high:+.3f}] (낱말 {len(WORDS)}개)")
for depth in range(LAYERS + 1):
    gap = within[:, depth] - between[:, depth]
    low, high = evaluation.bootstrap_interval(np.mean, gap)
    print(f"{depth}층: 평균 코사인 {baseline[depth]:+.3f} (뽑기 다섯 번 {rounds[:, depth].min():+.3f} ~ {rounds[:, depth].max():+.3f}), 자기 유사도 {own[:, depth].mean():.3f}, "
          f"같은 뜻끼리 {within[:, depth].mean():.3f}, 다른 뜻끼리 {between[:, depth].mean():.3f}, 차이 {gap.mean():+.3f} [{low:+.3f}, {high:+.3f}]")

fig, axis = plt.subplots(figsize=(7, 3.8))
for name, values, style in (("같은 낱말, 같은 뜻", within.mean(axis=0), "o-"), ("같은 낱말, 다른 뜻", between.mean(axis=0), "s-"), ("아무 두 토큰 (쏠림)", baseline, "^--")):
    axis.plot(range(LAYERS + 1), values, style, label=name)
axis.set_xticks(range(LAYERS + 1), [f"{depth}층" for depth in range(LAYERS + 1)])
axis.set(ylabel="코사인의 평균", ylim=(min(0, baseline.min()) - 0.05, 1.05))
axis.legend()
show(fig, alt="층마다 코사인의 평균. " + "; ".join(f"{name} " + ", ".join(f"{v:.2f}" for v in values) for name, values in
              (("같은 뜻끼리", within.mean(axis=0)), ("다른 뜻끼리", between.mean(axis=0)), ("아무 두 토큰", baseline))) + ".")

# %% [markdown]
# 세 선의 **사이**를 보세요. 맨 아래 선(쏠림)이 0에서 멀면 코사인 0.5는 "비슷하다"가 아니라 "보통"입니다. 위의 두 선이 벌어지는 층이 뜻을 나누는 층입니다.
#
# 05강의 처방(평균을 빼고 가장 센 방향을 지우기)이 뜻을 읽는 데 도움이 될까요? 그리고 어떤 토큰이 문맥을 가장 많이 탈까요? Ethayarajh는 뜻이 여럿인 낱말이 아니라 *the*, *of* 같은 기능어라고 보고했습니다.

# %%
level = int(np.argmax([p.accuracy for p in tasks["뜻"]]))
plain_probe, fixed = tasks["뜻"][level], contextual.probe(geometry.all_but_the_top(layered[:, level], 1), sense, word_of, shuffles=0)
low, high = evaluation.bootstrap_interval(np.mean, fixed.each - plain_probe.each)
print(f"{level}층에서 평균과 가장 센 방향을 빼면: 정답률 {plain_probe.accuracy:.3f} → {fixed.accuracy:.3f}, 차이 {fixed.accuracy - plain_probe.accuracy:+.3f} [{low:+.3f}, {high:+.3f}]")

occurrences = {}
for found in encoded:
    for token, vector in zip(found.tokens[1:-1], found.vectors[1:-1, -1]):
        occurrences.setdefault(token, []).append(vector)
common_tokens = {token: np.array(rows_) for token, rows_ in occurrences.items() if len(rows_) >= by_profile(smoke=6, laptop=12, gpu=30)}
similar = pd.DataFrame({"횟수": {t: len(v) for t, v in common_tokens.items()}, "자기 유사도 − 쏠림": {t: geometry.mean_cosine(v) - baseline[-1] for t, v in common_tokens.items()}})
similar = similar.sort_values("자기 유사도 − 쏠림")
rho = evaluation.spearman(similar["횟수"], similar["자기 유사도 − 쏠림"])
low, high = evaluation.bootstrap_interval(evaluation.spearman, similar["횟수"], similar["자기 유사도 − 쏠림"])
print(f"마지막 층, 토큰 {len(similar)}개: 횟수와 자기 유사도의 순위 상관 {rho:+.2f} [{low:+.2f}, {high:+.2f}]")
print("문맥을 가장 많이 타는 토큰:", " ".join(similar.index[:12]))
print("문맥을 가장 적게 타는 토큰:", " ".join(similar.index[-12:]))

# %% [markdown]
# 문맥을 많이 타는 토큰의 목록에 조사와 어미가 많은지, 뜻이 여럿인 낱말이 많은지 직접 보세요. 조사는 무엇에 붙었는지가 곧 문맥이므로 벡터가 크게 달라질 수 있습니다.
#
# *왜 틀릴 수 있을까요?* 백과사전은 틀이 되풀이되는 글입니다. 같은 틀에 자주 나오는 낱말은 문맥이 같아서 자기 유사도가 큽니다. 뜻의 수와 문맥의 다양함을 가르려면 문맥을 맞추어 뽑아야 합니다. 같은 낱말 안에서 같은 뜻과 다른 뜻을 견준 위의 그림이 그래서 더 믿을 만합니다.

# %% [markdown]
# ## 11. 어텐션 지도: 보이는 것과 설명하지 않는 것
#
# 무게 $\alpha_{ij}$를 그리면 모델이 "어디를 보는지" 알 것 같습니다. 먼저 머리 열여섯 개가 평균하여 어디를 보는지 셉니다.
#
# > **예측해 보세요.** 문장의 토큰이 아닌 `[CLS]`와 `[SEP]`에 가는 무게는, 모든 머리와 층을 평균하면 얼마일까요?

# %%
predict("07-sink", choices=["고르게 나눌 때와 비슷하다", "고르게 나눌 때의 두 배 이상", "거의 0"], mine=None)

# %%
looked, evenly = [], []
for text in plain:
    found_tokens, weights = contextual.attention_weights(bert, tokenizer, text)
    size = len(found_tokens)
    assert np.allclose(weights.sum(axis=-1), 1, atol=1e-4)
    inner = slice(1, size - 1)                                                        # 특수 토큰의 행은 뺍니다
    i = np.arange(1, size - 1)
    kinds = {"자기": weights[..., i, i], "바로 앞": weights[..., i, i - 1] * (i > 1), "바로 뒤": weights[..., i, i + 1] * (i < size - 2),
             "[CLS]": weights[..., inner, 0], "[SEP]": weights[..., inner, size - 1]}
    kinds = {name: value.mean(axis=-1) for name, value in kinds.items()}
    looked.append(np.stack([*kinds.values(), 1 - sum(kinds.values())], axis=-1))       # (층, 머리, 종류)
    evenly.append((2 / size, 1 / size))
looked, even = np.array(looked), np.array(evenly)
KINDS = ["자기", "바로 앞", "바로 뒤", "[CLS]", "[SEP]", "그 밖의 토큰"]
special_share = looked[..., 3:5].sum(axis=-1).mean(axis=(1, 2))
low, high = evaluation.bootstrap_interval(np.mean, special_share)
ratio = special_share.mean() / even[:, 0].mean()
compare("07-sink", 3 if ratio < 0.25 else 2 if ratio >= 2 else 1)
print(f"[CLS]와 [SEP]에 가는 무게: {special_share.mean():.3f} [{low:.3f}, {high:.3f}], 고르게 나눌 때 {even[:, 0].mean():.3f} ({ratio:.1f}배, 문장 {len(plain)}개)")

average = looked.mean(axis=0).reshape(-1, len(KINDS))                                 # (층 × 머리, 종류)
labels = [f"{depth + 1}층 머리 {h + 1}" for depth in range(LAYERS) for h in range(config.num_attention_heads)]
fig, axis = plt.subplots(figsize=(7, 5.6))
image = axis.imshow(average, aspect="auto", vmin=0, vmax=1)
for r in range(len(average)):
    for c in range(len(KINDS)):
        axis.text(c, r, f"{average[r, c]:.2f}", ha="center", va="center", fontsize=8, color="white" if average[r, c] < 0.55 else "black")
axis.set_xticks(range(len(KINDS)), KINDS)
axis.set_yticks(range(len(labels)), labels, fontsize=8)
axis.set_title("머리마다 무게가 가는 곳 (행의 합은 1)")
strongest = {kind: int(average[:, c].argmax()) for c, kind in enumerate(KINDS)}
show(fig, alt="층과 머리마다 어텐션 무게가 가는 곳의 비율을 나타낸 표 모양의 그림. 종류마다 무게가 가장 큰 머리는 "
              + ", ".join(f"{kind}: {labels[r]} {average[r, KINDS.index(kind)]:.2f}" for kind, r in strongest.items()) + ".")

# %% [markdown]
# 어떤 머리는 자리만 보고(바로 앞, 바로 뒤), 어떤 머리는 내용을 봅니다. 그림에서 종류마다 가장 치우친 머리 둘과 가장 고르게 "그 밖의 토큰"을 보는 머리를 골라, 한 문장에서 자세히 봅시다.

# %%
sentence = "점심을 너무 많이 먹어서 배가 부르다."
shown_tokens, weights = contextual.attention_weights(bert, tokenizer, sentence)
positional = KINDS[1] if average[:, 1].max() >= average[:, 2].max() else KINDS[2]
heads_shown = list(dict.fromkeys([strongest[positional], strongest["[SEP]"], strongest["그 밖의 토큰"]]))
fig, axes = plt.subplots(1, len(heads_shown), figsize=(4.2 * len(heads_shown), 4.2), layout="constrained")
for axis, number in zip(np.atleast_1d(axes), heads_shown):
    layer_number, head_number = divmod(number, config.num_attention_heads)
    axis.imshow(weights[layer_number, head_number], vmin=0, vmax=1)
    axis.set_xticks(range(len(shown_tokens)), shown_tokens, rotation=90, fontsize=8)
    axis.set_yticks(range(len(shown_tokens)), shown_tokens, fontsize=8)
    axis.set_title(labels[number], fontsize=10)
target = next(i for i, t in enumerate(shown_tokens) if t.startswith("배"))
described = "; ".join(f"{labels[n]}: " + ", ".join(f"{shown_tokens[j]} {weights[divmod(n, config.num_attention_heads)][target, j]:.2f}" for j in np.argsort(-weights[divmod(n, config.num_attention_heads)][target])[:3])
                      for n in heads_shown)
show(fig, alt=f"“{sentence}”의 어텐션 지도 {len(heads_shown)}개(행이 보는 토큰, 열이 보이는 토큰). ‘{shown_tokens[target]}’가 가장 많이 보는 토큰은 {described}.")

# %% [markdown]
# 지도를 보면 이야기를 만들고 싶어집니다. "`배가`가 `먹어서`를 보니 뜻을 알았구나." 그런데 무게가 크면 정말 **영향**이 클까요? 직접 잴 수 있습니다. 토큰 $j$를 `[MASK]`로 바꾸었을 때 낱말의 벡터가 얼마나 바뀌는지(1 − 코사인)가 영향입니다. 이것을 문장마다
# 다음 네 가지와 순위 상관으로 견줍니다.
# - 마지막 층의 무게(머리의 평균)
# - **굴려 곱하기**(attention rollout, Abnar & Zuidema, 2020): 층마다 (무게 + 단위행렬) / 2를 곱해 입력까지 거슬러 올라간 것
# - **값의 길이까지 곱한 무게**(Kobayashi et al., 2020): $\lVert \sum_h \alpha^h_{ij} v^h_j W^h_O \rVert$. 무게가 커도 값이 짧으면 넘어가는 것이 적습니다
# - 아무것도 모르는 상대: 낱말에서 **가까운 순서**
#
# > **예측해 보세요.** 마지막 층의 무게와 실제 영향의 순위 상관은?

# %%
predict("07-explain", choices=["0.7 이상(거의 설명한다)", "0.3~0.7(조금 설명한다)", "0.3 미만(거의 설명하지 못한다)"], mine=None)

# %%
import warnings


def compared_with_effect(text, word):
    """한 문장에서 네 가지 설명과 실제 영향의 순위 상관"""
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
    offsets, ids = encoded.pop("offset_mapping")[0].numpy(), encoded["input_ids"]
    begin, end = contextual.find_word(text, word)
    own_pieces = np.flatnonzero((offsets[:, 0] < end) & (offsets[:, 1] > begin))
    others = np.array([j for j in range(1, ids.shape[1] - 1) if j not in own_pieces])
    if len(others) < 5:
        return None
    hidden = ids.repeat(len(others) + 1, 1)
    hidden[range(1, len(others) + 1), others] = tokenizer.mask_token_id               # 한 줄에 하나씩 가립니다
    with torch.no_grad():
        states = bert.bert(input_ids=hidden, output_hidden_states=True).hidden_states
    vectors = similarity.unit_rows(states[-1][:, own_pieces].mean(dim=1).numpy())
    effect = 1 - vectors[1:] @ vectors[0]
    weights = contextual.attention_weights(bert, tokenizer, text)[1]                   # (층, 머리, T, T)
    rollout = np.eye(ids.shape[1])
    for matrix in weights.mean(axis=1):
        rollout = (matrix + np.eye(len(matrix))) / 2 @ rollout
    layer = bert.bert.encoder.layer[-1].attention
    with torch.no_grad():
        values = layer.self.value(states[-2][0]).view(ids.shape[1], config.num_attention_heads, -1)            # (T, 머리, d / 머리)
        passed = torch.einsum("thk,ohk->tho", values, layer.output.dense.weight.view(config.hidden_size, config.num_attention_heads, -1)).numpy()
    moved = np.linalg.norm(np.einsum("hij,jho->ijo", weights[-1], passed), axis=-1)
    guesses = {"마지막 층의 무게": weights[-1].mean(axis=0)[own_pieces].mean(axis=0), "굴려 곱하기": rollout[own_pieces].mean(axis=0),
               "값의 길이까지": moved[own_pieces].mean(axis=0), "가까운 순서": -np.abs(np.arange(ids.shape[1]) - own_pieces.mean())}
    return {name: evaluation.spearman(value[others], effect) for name, value in guesses.items()}


asked = polysemy.sample(by_profile(smoke=15, laptop=60, gpu=198), random_state=0)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    explained = pd.DataFrame([row for text, word in zip(asked.sentence, asked.word) if (row := compared_with_effect(text, word))])
rows = []
for name in explained:
    low, high = evaluation.bootstrap_interval(np.mean, explained[name])
    gap_low, gap_high = evaluation.bootstrap_interval(np.mean, explained[name] - explained["가까운 순서"])
    rows.append({"설명": name, "영향과의 순위 상관, 문장 평균 [95% 구간]": f"{explained[name].mean():+.2f} [{low:+.2f}, {high:+.2f}]",
                 "가까운 순서와의 차이": "" if name == "가까운 순서" else f"{(explained[name] - explained['가까운 순서']).mean():+.2f} [{gap_low:+.2f}, {gap_high:+.2f}]"})
level = explained["마지막 층의 무게"].mean()
compare("07-explain", 1 if level >= 0.7 else 2 if level >= 0.3 else 3)
print(f"문장 {len(explained)}개")
pd.DataFrame(rows).set_index("설명")

# %% [markdown]
# 어텐션 지도가 보여 주는 것은 **한 층에서 무엇을 섞었는가**이지 "왜 그렇게 답했는가"가 아닙니다. 까닭은 여럿입니다. 위층의 "토큰 $j$ 자리"에는 이미 다른 토큰의 정보가 섞여 있고, 무게는 값의 길이를 모르며, 잔차 연결과 피드포워드를 지나는 정보는 지도에 없습니다.
# 할 일이 없는 머리는 `[SEP]` 같은 자리에 무게를 버린다는 해석도 있습니다(Clark et al., 2019). 표의 "가까운 순서"와의 차이를 보세요. 모델을 전혀 보지 않은 이 상대를 이기지 못한 설명에 이야기를 붙이면 안 됩니다.
#
# *왜 틀릴 수 있을까요?* `[MASK]`로 바꾸는 것도 하나의 잣대일 뿐입니다. 지우거나 다른 낱말로 바꾸면 순위가 달라질 수 있고, 낱말 둘이 함께 있어야 생기는 영향은 하나씩 가려서는 보이지 않습니다. "어텐션은 설명이 아니다"(Jain & Wallace, 2019)와 "설명이 아닌 것은
# 아니다"(Wiegreffe & Pinter, 2019)의 논쟁을 함께 읽어 보세요.

# %% [markdown]
# ## 12. 은행과 bank, 신의 세 번째 뜻, 그리고 실제 리뷰
#
# 교과서의 단골은 영어의 *bank*입니다. 한국어의 `은행`도 뜻이 둘이고(금융, 은행나무의 열매), 리뷰에서는 `신`에 세 번째 뜻이 있습니다. `액션 신`의 장면입니다. 이 세 낱말은 8절에서 쓰지 않았고 문장도 모두 새것입니다. 층은 8절에서 고른 것 하나를 그대로 씁니다.
#
# 우리 모델은 한국어 글에서 배웠습니다. 영어 문장은 어떻게 읽을까요?
#
# > **예측해 보세요.** 싣는 BERT가 뜻을 우연보다 잘 맞히는 것은? (정답률의 구간이 섞은 이름표의 범위보다 위에 있을 때)

# %%
predict("07-bank", choices=["셋 다", "은행과 신만", "은행만", "신만", "하나도 없다"], mine=None)

# %%
HUB_MODEL = None         # 인터넷이 되면: "google-bert/bert-base-multilingual-cased"처럼 적어 다른 모델과 견줄 수 있습니다
models = {"싣는 BERT": (bert, tokenizer, int(np.argmax([p.accuracy for p in tasks["뜻"]])))}
if HUB_MODEL:
    from transformers import AutoModel, AutoTokenizer

    try:
        models[HUB_MODEL] = AutoModel.from_pretrained(HUB_MODEL).eval(), AutoTokenizer.from_pretrained(HUB_MODEL), None
    except OSError as error:
        print(f"⚠ {HUB_MODEL} 을(를) 받지 못해 싣는 모델만 씁니다: {str(error).splitlines()[0]}")
print("영어 문장의 조각:", " ".join(tokenizer.tokenize("We sat on the bank of the river.")))

rows, above = [], {}
for word in ("은행", "신", "bank"):
    group = new[new.word == word].reset_index(drop=True)
    found_tokens = [text.lower().strip(".").split() for text in group.sentence] if word == "bank" else list(tokenization.morphemes(group.sentence, keep=CONTENT, progress=False))
    nearby = [" ".join(around(found, word)) for found in found_tokens]
    bag = contextual.probe(TfidfVectorizer(token_pattern=r"\S+").fit_transform(nearby).toarray(), group.sense)
    row = {"낱말": word, "뜻": "·".join(group.sense.unique()), "문장": len(group), "섞은 이름표 [가운데 95%]": f"{bag.shuffled:.2f} [{bag.shuffled_low:.2f}, {bag.shuffled_high:.2f}]",
           "이웃의 낱말 주머니": f"{bag.accuracy:.2f} [{bag.low:.2f}, {bag.high:.2f}]"}
    for name, (model, its_tokenizer, level) in models.items():
        vectors = contextual.word_vectors(model, its_tokenizer, group.sentence, word)
        found = contextual.probe(vectors[:, level if level is not None else 3 * vectors.shape[1] // 4], group.sense)
        row[name] = f"{found.accuracy:.2f} [{found.low:.2f}, {found.high:.2f}]"
        if name == "싣는 BERT":
            above[word] = found.low > found.shuffled_high
            low, high = evaluation.bootstrap_interval(np.mean, found.each - bag.each)
            row["싣는 BERT − 낱말 주머니"] = f"{np.mean(found.each - bag.each):+.2f} [{low:+.2f}, {high:+.2f}]"
    rows.append(row)
outcome = (above["은행"], above["신"], above["bank"])
compare("07-bank", {(True, True, True): 1, (True, True, False): 2, (True, False, False): 3, (False, True, False): 4, (False, False, False): 5}.get(outcome, f"우연보다 나은 것: {', '.join(w for w, ok in above.items() if ok)}"))
pd.DataFrame(rows).set_index("낱말")

# %% [markdown]
# 영어 문장은 대부분 글자 한두 개짜리 조각으로 부서집니다. 조각의 뜻을 배운 적이 없으니, *river*와 *money*가 다른 것은 알아도 무슨 뜻인지는 모릅니다. 여기서 *bank*가 갈라지지 않는다면 BERT가 못한 것이 아니라 **이 모델이 배우지 않은 언어**이기 때문입니다. 갈라진다면 `of the` 같은
# 겉모양의 규칙만으로 갈라진 것은 아닌지 의심해야 합니다. 영어로 배운 BERT가 *bank*를 잘 나누는 것은 널리 되풀이된 결과이지만, 인터넷이 없는 이 자리에서는 보일 수 없으므로 보였다고 하지 않습니다. 인터넷이 되면 `HUB_MODEL`에 다국어 모델의 이름을 적어 확인하세요.
#
# ### 실제 리뷰에서: 가짜 동음이의어
# 실제 글에는 뜻의 이름표가 없습니다. 그래서 이름표가 저절로 생기는 시험을 만듭니다. 서로 다른 두 낱말을 **한 낱말인 척** 합치는 것입니다(pseudoword, Gale et al., 1992; Schütze, 1992). 예를 들어 `감독`과 `음악`이 든 어절을 모두 `[MASK]`로 바꾼 다음, 그 자리의 벡터로
# 본디 무엇이었는지 맞힙니다. 문장이 얼마든지 있으니 구간이 좁아집니다. 모델이 읽지 않은 NSMC의 시험 리뷰를 쓰고, 상대는 둘레 조각의 평균(같은 모델의 입력 임베딩)과 낱말 주머니입니다.
#
# > **예측해 보세요.** 실제 리뷰의 가짜 동음이의어에서는 누가 이길까요?

# %%
predict("07-pseudo", choices=["BERT", "이웃 평균 또는 낱말 주머니", "가를 수 없다"], mine=None)

# %%
PSEUDO = [("감독", "음악"), ("배우", "내용"), ("액션", "눈물"), ("원작", "친구"), ("마지막", "드라마")]
if datasets.available("nsmc"):
    reviews = datasets.load("nsmc", split="test").document
    reviews = reviews[reviews.str.len().between(15, 80)].drop_duplicates()
    each = {"BERT": [], "이웃 평균 (BERT 임베딩)": [], "이웃의 낱말 주머니": []}
    level = models["싣는 BERT"][2]
    for first, second in PSEUDO:
        texts, answers = [], []
        for name, other in ((first, second), (second, first)):
            has = reviews[reviews.str.contains(rf"(?:^|\s){name}\S{{0,2}}(?:\s|$)") & ~reviews.str.contains(other)]
            has = has.sample(min(len(has), by_profile(smoke=15, laptop=60, gpu=300)), random_state=0)
            texts += has.str.replace(rf"(^|\s){name}\S{{0,2}}(?=\s|$)", rf"\1{tokenizer.mask_token}", n=1, regex=True).tolist()
            answers += [name] * len(has)
        found = contextual.token_vectors(bert, tokenizer, texts)
        kept = [k for k, f in enumerate(found) if tokenizer.mask_token in f.tokens]
        answers = np.array(answers)[kept]
        around_mask = [[t for t in found[k].tokens if t not in tokenizer.all_special_tokens and not t.startswith((first, second))] for k in kept]
        hidden = np.array([found[k].vectors[found[k].tokens.index(tokenizer.mask_token), level] for k in kept])
        for name, vectors in (("BERT", hidden), ("이웃 평균 (BERT 임베딩)", contextual.neighbour_means(around_mask, piece_vectors, pieces)),
                              ("이웃의 낱말 주머니", TfidfVectorizer(analyzer=list).fit_transform(around_mask).toarray())):
            each[name].append(contextual.probe(vectors, answers, shuffles=0).each)
    joined = {name: np.concatenate(values) for name, values in each.items()}
    best_other = max([name for name in joined if name != "BERT"], key=lambda name: joined[name].mean())
    low, high = evaluation.bootstrap_interval(np.mean, joined["BERT"] - joined[best_other])
    compare("07-pseudo", 1 if low > 0 else 2 if high < 0 else 3)
    print(f"리뷰 {len(joined['BERT']):,}건, 쌍 {len(PSEUDO)}개(우연은 0.5). BERT − {best_other}: {np.mean(joined['BERT'] - joined[best_other]):+.3f} [{low:+.3f}, {high:+.3f}]")
    for name, values in joined.items():
        print(f"{name}: {values.mean():.3f} (쌍마다 {', '.join(f'{part.mean():.2f}' for part in each[name])})")
else:
    print("자료가 없어 건너뜁니다. LAB_DATA_DIR에 자료 폴더를 적으면 이 셀이 실제 리뷰에서 잽니다.")

# %% [markdown]
# 가짜 동음이의어는 진짜 다의어보다 쉽습니다. 두 낱말의 뜻이 서로 멀기 때문입니다. 그 대신 이름표를 사람이 붙이지 않아도 되고, 원하는 만큼 만들 수 있습니다.
#
# *왜 틀릴 수 있을까요?* `[MASK]` 자리의 벡터는 마스크 언어 모델이 배운 바로 그 일(가린 낱말 맞히기)을 하는 벡터입니다. 이 시험은 BERT에게 유리한 종목이고, 보이는 낱말의 뜻을 가리는 8절의 시험과 다릅니다. 또 싣는 모델이 빼고 배운 시험 분할과 여러분이 가진 분할이
# 다르면, 읽은 리뷰가 섞여 있을 수 있습니다.

# %% [markdown]
# ## 13. 퀴즈

# %%
quiz("07-q-scale", "머리 하나의 너비가 64입니다. 질의와 키의 칸이 독립이고 분산이 1일 때, √d로 나누기 전 내적의 표준편차는?", answer=8, why="분산이 64이므로 표준편차는 √64 = 8. 나누면 1이 됩니다.")

# %%
quiz("07-q-order", "자리 벡터가 없는 셀프 어텐션에 토큰의 순서를 바꾸어 넣으면?", choices=["출력이 모두 0이 된다", "출력의 순서만 똑같이 바뀐다", "출력의 값이 바뀐다"], answer=2,
     why="식에 자리가 없습니다. 평균을 내면 순서의 흔적이 남지 않습니다.")

# %%
quiz("07-q-causal", "토큰이 5개인 문장에서 인과 마스크가 허락하는 (보는 토큰, 보이는 토큰)의 쌍은 몇 개입니까? (자기 자신 포함)", answer=15, why="1 + 2 + 3 + 4 + 5 = 15. 양방향이면 25입니다.")

# %%
quiz("07-q-hide", "토큰 1,000개(특수 토큰 없음)에서 20%를 골라 80/10/10으로 나눕니다. 손실을 매기는 토큰은 평균 몇 개입니까?", answer=200,
     why="고른 200개 모두입니다. 160개는 [MASK]로, 20개는 다른 토큰으로, 20개는 그대로 보이지만 모두 맞혀야 합니다.")

# %%
quiz("07-q-control", "학습하지 않은 BERT의 프로브 정답률이 우연보다 높았습니다. 알맞은 해석은?", choices=[
    "프로브가 이름표를 훔쳐보았다", "이웃을 섞는 구조만으로도 뜻의 단서가 벡터에 들어온다", "무게를 학습할 필요가 없다",
], answer=2, why="난수 무게로도 이웃의 벡터가 섞입니다. 배움의 몫은 그것을 넘는 만큼입니다.")

# %%
quiz("07-q-anisotropy", "어느 층에서 아무 두 토큰의 코사인의 평균이 0.6이고, 한 낱말의 자기 유사도가 0.7입니다. 쏠림을 뺀 자기 유사도는?", digits=1, answer=0.1, why="0.7 − 0.6 = 0.1. 0.7이 커 보여도 대부분은 쏠림입니다.")

# %%
quiz("07-q-attention", "어텐션 무게가 큰 토큰에 대해 말할 수 있는 것은?", choices=["그 토큰이 답의 원인이다", "그 층, 그 머리에서 그 자리의 값이 많이 섞였다", "그 토큰을 지우면 답이 바뀐다"], answer=2,
     why="원인인지는 지우거나 바꾸어 보아야 압니다(11절).")

# %%
summary()

# %% [markdown]
# ## 요약
# - 정적 벡터는 문장마다 같으므로 뜻을 가릴 수 없습니다. 공정한 상대는 **이웃의 평균**이고, 문맥 벡터의 값어치는 그것을 얼마나 넘느냐로 잽니다.
# - 어텐션은 내용을 보고 정한 가중 평균입니다. $\sqrt d$로 나누어 무게가 한 곳에 몰리지 않게 하고, 머리를 여럿 두어 여러 가지를 한꺼번에 봅니다. 순서는 자리 벡터가 알려 줍니다.
# - 인코더 층은 어텐션, 잔차, 층 정규화, 피드포워드입니다. 손으로 조립한 값이 라이브러리와 같았습니다.
# - 인과 마스크에서는 뒤의 낱말이 앞의 벡터를 조금도 바꾸지 못합니다. 서술어가 끝에 오는 한국어에서는 그 차이가 눈에 보입니다.
# - 마스크 언어 모델은 가린 토큰을 맞히며 배웁니다. 그럴듯한 토큰을 고르는 것이지 참을 말하는 것이 아닙니다.
# - 층마다 읽히는 것이 다르고, 코사인은 쏠림을 빼고 읽습니다. 어텐션 지도는 설명이 아니라 섞은 기록입니다.
#
# ## 더 나아가
# - Vaswani et al.(2017), *Attention Is All You Need*: 트랜스포머. Devlin et al.(2019): BERT. Liu et al.(2019), RoBERTa: 더 오래, 더 많이, 매번 새로 가리기.
# - Peters et al.(2018), ELMo: 문맥 임베딩의 시작(양방향 LSTM). Clark et al.(2020), ELECTRA: 다섯에 하나가 아니라 모든 토큰에서 배우는 법.
# - Ethayarajh(2019): 10절의 잣대. Cai et al.(2021)은 무리마다 가운데를 빼면 등방에 가깝다고 보고합니다. Coenen et al.(2019): BERT의 뜻이 공간에서 갈라지는 모습.
# - Jawahar et al.(2019), Tenney et al.(2019): 층마다의 문법과 뜻. Hewitt & Liang(2019): 섞은 이름표로 프로브를 의심하는 법. Belinkov(2022): 프로브의 약속과 한계.
# - Bommasani et al.(2020): 문맥 벡터를 모아 더 나은 정적 벡터를 만드는 법. 이웃 평균과 문맥 벡터의 사이를 잇습니다.
# - Warner et al.(2024), ModernBERT: 자리(RoPE), 정규화, 긴 글을 새로 고친 요즘의 양방향 인코더. Park et al.(2021), KLUE: 한국어 사전 학습 모델과 시험.
#
# 다음: [08 문장 임베딩과 문서 유사도](08_sentence_bert.ipynb)
