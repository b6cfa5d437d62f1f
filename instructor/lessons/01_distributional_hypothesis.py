# %% [markdown]
# # 01 · 분포 가설: 낱말의 뜻은 곁에 오는 말이 알려 줍니다
#
# > *English summary. Words that occur in similar contexts tend to have similar meanings (the distributional hypothesis).
# > We guess an unknown word from its contexts, lay a context window by hand, count a word–word matrix on a corpus, and look at
# > its sparsity and Zipf's law. Nearest neighbours by raw counts work on tidy text but let frequent
# > words in; the measured reason leads to lesson 02.*
#
# **학습 목표.** 이 강의를 마치면 다음을 할 수 있습니다.
# - 분포 가설(distributional hypothesis)을 자기 말로 설명하고, 문맥만 보고 낱말의 뜻을 짐작합니다.
# - 문맥 창(context window)을 직접 놓아 낱말–낱말 동시 등장 행렬(co-occurrence matrix)을 만듭니다.
# - 문장 경계, 좌우 대칭, 거리 가중이 행렬을 어떻게 바꾸는지 수로 말합니다.
# - 행렬이 왜 거의 비어 있는지(희소성, sparsity), 횟수로 찾은 이웃에 왜 조사가 끼어드는지 설명합니다.
#
# **걸리는 시간.** 실행: {{times}}. 읽고 푸는 데는 60분쯤 걸립니다.
#
# **앞선 내용.** [00 시작하기](00_start_here.ipynb)에서 예측하고, 풀고, 확인하는 법을 익혔습니다. Python의 리스트, 사전, 함수를
# 쓸 줄 알면 됩니다. NumPy와 희소 행렬은 처음 쓰는 5절에서 짧게 소개합니다.

# %% tags=["imports"]
from collections import Counter

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy import sparse

from lab_utils import by_profile, check, compare, predict, quiz, show, summary
from lab_utils import cooccurrence, datasets, evaluation, movie_reviews, similarity, tokenization

# %% [markdown]
# ## 1. 처음 보는 낱말의 뜻을 맞혀 봅시다
#
# 아래 문장들에는 *ong choy*라는 낱말이 나옵니다. 사전을 찾지 말고 읽어 보세요. 낱말은 ▢▢▢로 가렸습니다.

# %%
english = datasets.load("classic-english")
guess_me = english[english.sentence.str.contains("ong choy", case=False)]
for sentence in guess_me.sentence.head(6):
    print("·", sentence.lower().replace("ong choy", "▢▢▢"))

# %% [markdown]
# > **예측해 보세요.** ▢▢▢와 가장 비슷한 곳에 나타나는 낱말은 무엇일까요? 아래 `mine=`에 번호를 적고 실행하세요.

# %%
CANDIDATES = ["spinach", "singer", "album", "rice"]
predict("01-ong-choy", choices=["spinach (시금치)", "singer (가수)", "album (음반)", "rice (밥)"], mine=None)

# %% [markdown]
# 여러분이 머릿속에서 한 일을 그대로 셈으로 옮겨 봅시다. 한 낱말의 **문맥**(context)을 "같은 문장에 함께 나온 낱말들"이라고 하고, 두
# 낱말의 문맥 집합이 얼마나 겹치는지를 자카드 유사도(Jaccard similarity, 교집합의 크기 ÷ 합집합의 크기)로 잽니다.

# %%
def words_of(sentence):
    cleaned = sentence.lower().replace("ong choy", "ongchoy")
    return {word.strip(".,!?'\"") for word in cleaned.split()} - STOPWORDS


STOPWORDS = set("a an and are as at before for from has her his in is it its of on or over some that the their then this to until was we with".split())
sentences = [words_of(sentence) for sentence in english.sentence]


def contexts_of(word):
    return set().union(*(sentence for sentence in sentences if word in sentence)) - {word}


def overlap(a, b):
    return len(contexts_of(a) & contexts_of(b)) / len(contexts_of(a) | contexts_of(b))


overlaps = [overlap("ongchoy", word) for word in CANDIDATES]
compare("01-ong-choy", int(np.argmax(overlaps)) + 1)

fig, axis = plt.subplots(figsize=(6, 2.6))
axis.barh(CANDIDATES[::-1], overlaps[::-1], color="#0072B2")
axis.set_xlabel("ong choy와 문맥이 겹치는 정도 (자카드 유사도)")
values = ", ".join(f"{word} {value:.2f}" for word, value in zip(CANDIDATES, overlaps))
show(fig, alt=f"네 낱말의 문맥이 ong choy의 문맥과 겹치는 정도를 나타낸 가로 막대그림. {values}.")

together = [sentence for sentence in sentences if {"ongchoy", "rice"} <= sentence]
sentences = [sentence for sentence in sentences if sentence not in together]
print(f"ong choy와 rice가 함께 나온 문장 {len(together)}개를 빼고 다시 재면: rice {overlap('ongchoy', 'rice'):.2f}, spinach {overlap('ongchoy', 'spinach'):.2f}")

# %% [markdown]
# 뜻풀이를 한 번도 읽지 않았는데도 *ong choy*가 잎채소라는 것을 알 수 있습니다(우리말로는 공심채, 모닝글로리라고 부릅니다). 마늘과 함께
# 볶고, 밥에 얹고, 잎과 줄기가 있고, 짭짤하게 양념하는 것은 시금치 같은 잎채소의 특징이기 때문입니다. 이것이 **분포 가설**(distributional
# hypothesis)입니다: *비슷한 문맥에 나타나는 낱말은 뜻도 비슷한 경향이 있다.*
#
# *왜 틀릴 수 있을까요?* 위 그림에서 `rice`의 막대를 보세요. 밥은 ong choy와 비슷한 것이 아니라 **함께** 먹는 것인데도 0이 아닙니다. 그 겹침은 모두 두 낱말이
# **같은 문장**에 나온 데서 왔습니다. 그 문장들을 빼면 `rice`는 0이 되지만 `spinach`는 그대로입니다.
# "함께 나온다"와 "비슷한 자리에 나온다"는 다른 관계입니다. 앞의 것을 통합 관계(syntagmatic relation), 뒤의 것을 계열 관계(paradigmatic
# relation)라고 합니다. 게다가 문장이 수십 개뿐이라 몇 문장만 바뀌어도 순서가 달라질 수 있습니다. 그래서 이제 더 많은 글을, 더 꼼꼼히 세어
# 봅시다.

# %% [markdown]
# ## 2. 창을 놓고 손으로 세기
#
# 문장 전체를 문맥으로 삼으면 긴 문장에서는 거의 모든 낱말이 서로의 문맥이 됩니다. 그래서 보통은 **중심 낱말**(center word)의 왼쪽과
# 오른쪽으로 몇 자리까지만 봅니다. 이 자리 수가 **창 크기**(window size)입니다. 창 크기가 2이면 왼쪽 둘, 오른쪽 둘까지가 문맥입니다.

# %%
TOKENS = ["고양이", "는", "따뜻한", "창가", "에서", "낮잠", "을", "잔다"]
WINDOW = 2
for place, word in enumerate(TOKENS):
    left = TOKENS[max(0, place - WINDOW):place]
    right = TOKENS[place + 1:place + 1 + WINDOW]
    print(f"{' '.join(left):>14}  [{word}]  {' '.join(right)}")

# %% [markdown]
# > **예측해 보세요.** 낱말 8개, 창 크기 2일 때 (중심, 문맥) 쌍은 모두 몇 개일까요? 8 × 4 = 32일까요?

# %%
predict("01-pair-count", "쌍의 수는?", mine=None)

# %%
pairs = cooccurrence.count_slowly([TOKENS], window=WINDOW)  # (중심, 문맥) → 횟수
compare("01-pair-count", pairs.total())

table = pd.DataFrame(0, index=TOKENS, columns=TOKENS)
for (word, neighbour), times in pairs.items():
    table.loc[word, neighbour] = times
table

# %% [markdown]
# 이 표가 낱말–낱말 동시 등장 행렬입니다. 행은 중심 낱말, 열은 문맥 낱말이고, 한 칸은 "열의 낱말이 행의 낱말 곁에 몇 번 왔는가"입니다.
#
# - 대각선 둘레에만 수가 있습니다. 창 밖의 낱말은 세지 않았기 때문입니다.
# - 표는 **대칭**입니다. `는`이 `고양이`의 오른쪽 두 자리 안에 있으면, `고양이`는 `는`의 왼쪽 두 자리 안에 있습니다.
# - 쌍의 수는 32가 아닙니다. 문장 끝에서는 창이 잘리기 때문입니다. 길이 $n$, 창 $w$이면($n > w$) 쌍은 $2\left(nw - \frac{w(w+1)}{2}\right)$개이고,
#   여기서는 $2(16 - 3) = 26$개입니다. 빠진 것은 이렇게 셉니다. 창이 잘리지 않으면 $2nw$개인데, 맨 앞의 낱말은 왼쪽에 $w$칸이 모자라고, 둘째 낱말은 $w-1$칸,
#   … 모두 $w + (w-1) + \cdots + 1 = \frac{w(w+1)}{2}$칸이 모자랍니다. 오른쪽 끝도 같습니다.

# %% [markdown]
# ### ✏️ 연습 1-1 (2점): (중심, 문맥) 쌍 꺼내기
# 낱말 리스트 `tokens`와 창 크기 `window`를 받아 `(중심, 문맥)` 튜플의 **리스트**를 돌려주는 `window_pairs`를 완성하세요. 같은 쌍이 두 번 나오면
# 두 번 들어가야 합니다. 순서는 채점하지 않습니다.
#
# <details><summary>힌트 1</summary> 자리 번호로 도는 반복문 두 개면 됩니다: 중심의 자리 하나, 문맥의 자리 하나. </details>
# <details><summary>힌트 2</summary> Python에서 <code>tokens[-1]</code>은 오류가 아니라 <b>마지막</b> 낱말입니다. 왼쪽 끝에서 음수 자리를 조심하세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "01-window-pairs", "grade": false, "solution": true, "locked": false, "task": false}
def window_pairs(tokens, window):
    ### BEGIN SOLUTION
    pairs = []
    for center in range(len(tokens)):
        for context in range(max(0, center - window), min(len(tokens), center + window + 1)):
            if context != center:
                pairs.append((tokens[center], tokens[context]))
    return pairs
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "01-window-pairs-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("01-window-pairs", points=2, hint="문장 끝에서 창이 잘리는지, 중심 낱말 자신은 빠지는지 확인하세요."):
    found = window_pairs(["나", "는", "밥", "을", "먹는다"], 2)
    assert Counter(found) == cooccurrence.count_slowly([["나", "는", "밥", "을", "먹는다"]], window=2)
    assert Counter(window_pairs(["또", "또", "또"], 1)) == {("또", "또"): 4}, "같은 낱말이 이웃이면 그 쌍도 셉니다."
    assert window_pairs(["혼자"], 3) == []

# %% [markdown]
# ## 3. 말뭉치에서 세기
#
# 이제 이 과정에 들어 있는 작은 백과사전 말뭉치(corpus)를 씁니다. 나라, 동물, 음식, 직업, 가족 등에 관한 문장들입니다. 한국어는 낱말에
# 조사와 어미가 붙으므로 형태소 분석기 Kiwi로 형태소(morpheme)로 나눕니다. 동사와 형용사는 `먹다`처럼 사전에 나오는 꼴로 적습니다. 글에 나온 형태소 하나하나를
# 토큰(token), 서로 다른 형태소를 종류(type)라고 합니다. 이 과정에서 "낱말"은 대개 이렇게 나눈 형태소를 가리킵니다.

# %%
encyclopedia = datasets.load("encyclopedia")
tokens = list(tokenization.morphemes(encyclopedia.sentence, cache="encyclopedia", progress=False))
print(f"문장 {len(tokens):,}개, 토큰 {sum(map(len, tokens)):,}개, 종류 {len({t for s in tokens for t in s}):,}가지")
for sentence, morphemes in list(zip(encyclopedia.sentence, tokens))[:3]:
    print("·", sentence, "→", " / ".join(morphemes))

# %% [markdown]
# `ㄴ`, `었`, `다`처럼 한 글자인 것은 어미이고 `는`, `을`은 조사입니다. 분석기도 틀립니다. 뒤에서 잘못 나뉜 형태소를 가끔 보게 될 것입니다.
#
# 위에서 쓴 `count_slowly`는 정의를 그대로 옮긴 것이어서 읽기 쉽지만 느립니다. 같은 일을 하는 빠른 함수가 `count_cooccurrences`입니다. 빠른 것을
# 쓰기 전에 **둘이 같은 답을 내는지** 확인합니다. 말로만 하지 않고 `assert`로 합니다.

# %%
counts, vocabulary = cooccurrence.count_cooccurrences(tokens, window=5)
slow = cooccurrence.count_slowly(tokens, window=5)

assert counts.sum() == slow.total()
assert counts.nnz == len(slow)
rows, columns = zip(*((vocabulary.index[a], vocabulary.index[b]) for a, b in slow))
assert np.array_equal(counts[list(rows), list(columns)], list(slow.values()))   # 0이 아닌 칸 모두
print(f"낱말 {len(vocabulary):,}개 → 행렬 {counts.shape[0]:,} × {counts.shape[1]:,}, 쌍 {int(counts.sum()):,}개, 0이 아닌 칸 {counts.nnz:,}개: 두 방법이 같습니다.")

# %% [markdown]
# ## 4. 세 가지 선택: 경계, 방향, 거리
#
# "곁에 온다"를 셈으로 옮길 때 우리는 눈에 띄지 않게 세 가지를 골랐습니다. 하나씩 바꾸어 봅시다.
#
# ### 4.1 문장 경계
# 창은 문장이 끝나는 곳에서 멈춥니다. 멈추지 않으면, 앞 문장의 마지막 낱말과 다음 문장의 첫 낱말이 이웃이 됩니다.
#
# > **예측해 보세요.** 모든 문장을 한 줄로 이어 붙이고 창 크기 5로 세면, 늘어나는 (가짜) 쌍은 전체의 몇 %쯤일까요?

# %%
predict("01-boundary", choices=["1% 미만", "1~10%", "10~40%", "40% 이상"], mine=None)

# %%
one_line = [[token for sentence in tokens for token in sentence]]
joined, _ = cooccurrence.count_cooccurrences(one_line, window=5)
false_share = 1 - counts.sum() / joined.sum()
compare("01-boundary", "1% 미만" if false_share < 0.01 else "1~10%" if false_share < 0.1 else "10~40%" if false_share < 0.4 else "40% 이상")
print(f"이어 붙이면 쌍이 {int(counts.sum()):,} → {int(joined.sum()):,}개가 됩니다. 그 가운데 {false_share:.1%}가 문장을 넘는 가짜 이웃입니다.")

# %% [markdown]
# 문장이 짧을수록 경계가 잦으니 가짜 이웃도 많습니다. 짧은 리뷰나 채팅 자료에서 경계를 지키는 것이 중요한 까닭입니다.
#
# ### 4.2 왼쪽과 오른쪽
# 우리 행렬은 왼쪽과 오른쪽을 구별하지 않습니다. 구별해서 세면 무엇이 보일까요?

# %%
def one_sided(word, side):
    found = Counter()
    for sentence in tokens:
        for place, token in enumerate(sentence):
            if token == word:
                found.update(sentence[max(0, place - 2):place] if side == "왼쪽" else sentence[place + 1:place + 3])
    return " ".join(f"{neighbour}({n})" for neighbour, n in found.most_common(6))


pd.DataFrame({word: {side: one_sided(word, side) for side in ("왼쪽", "오른쪽")} for word in ("의사", "고양이", "먹다")}).T

# %% [markdown]
# 한국어에서는 조사와 어미가 뒤에 붙으므로 오른쪽에는 그 낱말에 붙는 조사와 어미가 오고, 왼쪽에는 앞말의 조사(`을`, `와`)와 나란히 늘어놓은 말, 꾸미는 말이 섞여 있습니다.
# 방향을 나누어 세면 이런 차이가 살아나지만 열이 두 배(V×2V)가 됩니다.
#
# ### 4.3 거리와 창 크기
# 바로 옆의 낱말과 다섯 자리 떨어진 낱말을 똑같이 1로 세어도 될까요? GloVe(04강)는 거리 $d$의 이웃을 $1/d$로 셉니다(harmonic weighting).
#
# 세 가지 선택을 한 표에서 견주어 봅시다. 잣대는 이렇습니다. 범주(동물, 과일, 직업 …)가 알려진 낱말들만 놓고, 한 낱말에 가장 가까운 다섯 가운데 같은 범주가 몇인지를 세어 모든
# 낱말에서 평균합니다(범주 일치율).

# %%
categories = pd.read_csv(datasets.fetch("encyclopedia").parent / "categories.tsv", sep="\t")
results, rows = {}, []


def add_row(window, boundary, direction, weight, matrix, words):
    found = evaluation.category_precision(matrix, words, categories, n=5)
    results[window, boundary, direction, weight] = found.each                  # 낱말마다 한 값
    rows.append({"창": window, "경계": boundary, "방향": direction, "가중": weight, "0이 아닌 칸": matrix.nnz,
                 "범주 일치율 [95% 구간]": f"{found.precision:.3f} [{found.low:.3f}, {found.high:.3f}]"})


for window in (1, 2, 5, 10):
    for weighting, name in (("uniform", "똑같이"), ("harmonic", "1/거리")):
        add_row(window, "지킴", "합침", name, *cooccurrence.count_cooccurrences(tokens, window=window, weighting=weighting))
add_row(5, "무시", "합침", "똑같이", *cooccurrence.count_cooccurrences(one_line, window=5))
followers = Counter((word, after) for sentence in tokens for place, word in enumerate(sentence) for after in sentence[place + 1:place + 6])
here, there = zip(*((vocabulary.index[a], vocabulary.index[b]) for a, b in followers))
right_of = sparse.csr_array((list(followers.values()), (here, there)), shape=counts.shape)      # (V, V): 오른쪽에 온 말
add_row(5, "지킴", "나눔", "똑같이", sparse.hstack([right_of.T, right_of], format="csr"), vocabulary)   # (V, 2V)
pd.DataFrame(rows)

# %%
STANDARD = (5, "지킴", "합침", "똑같이")
for name, one, other in [
    ("창 5 → 10, 똑같이 셀 때", STANDARD, (10, "지킴", "합침", "똑같이")),
    ("창 5 → 10, 1/거리로 셀 때", (5, "지킴", "합침", "1/거리"), (10, "지킴", "합침", "1/거리")),
    ("문장 경계를 무시하면", STANDARD, (5, "무시", "합침", "똑같이")),
    ("방향을 나누면", STANDARD, (5, "지킴", "나눔", "똑같이")),
]:
    difference = results[other] - results[one]                                   # 같은 낱말끼리 뺍니다
    low, high = evaluation.bootstrap_interval(np.mean, difference)
    print(f"{name}: {difference.mean():+.3f}  차이의 95% 구간 [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# **대괄호는 무엇일까요?** 낱말 목록에서 같은 수의 낱말을 **복원 추출**(sampling with replacement)로 다시 뽑아 평균을 다시 구하는 일을 1,000번 하고, 가운데 95%를
# 적은 것입니다(부트스트랩, bootstrap). 낱말을 달리 골랐더라면 값이 얼마나 흔들렸을지를 말해 줍니다. 두 방법을 견줄 때에는 표의 구간 두 개가 겹치는지를 볼 것이 아니라, 같은
# 낱말에서 잰 두 값을 **빼고** 그 차이의 구간을 봅니다. 구간이 0을 품지 않으면 차이가 있다고 말할 수 있습니다.
#
# - **창.** 1에서 5로 넓히면 일치율이 크게 오릅니다. 똑같이 셀 때는 10으로 넓혀도 더 오르지 않지만, 1/거리로 세면 10까지 오릅니다. 가까운 이웃이 더 큰 몫을 가지므로 창에 천천히
#   반응하는 것입니다.
# - **경계.** 무시하면 가짜 이웃 때문에 떨어집니다.
# - **방향.** 이 말뭉치에서는 나누는 편이 **더 낫습니다**. 그래도 이 과정에서는 대부분의 연구와 같이 합쳐서 셉니다. 행렬이 대칭이어서 행과 열이 같은 뜻이 되고, 크기가 절반이기 때문입니다.
#   고른 것과 그 값을 알고 쓰는 것이 중요합니다.
#
# *왜 틀릴 수 있을까요?* 이 백과사전에는 "사과, 귤, 감 …"처럼 같은 범주의 낱말을 한 문장에 늘어놓는 일이 많아 넓은 창이 유리합니다. 가장 좋은 창은 말뭉치와
# 물음에 따라 다릅니다. 다른 글에서는 다시 재야 합니다.

# %% [markdown]
# ### ✏️ 연습 1-2 (3점): 거리로 가중해서 세기
# 한 문장 `tokens`에서 각 (중심, 문맥) 쌍에 `1/거리`를 **더해** 나간 사전을 돌려주는 `harmonic_counts`를 완성하세요. 거리는 자리 번호의 차이입니다.
# 예: `["가", "나", "가"]`, 창 2 → `("가", "나")`는 1/1 + 1/1 = 2, `("가", "가")`는 1/2 + 1/2 = 1.
#
# <details><summary>힌트 1</summary> 연습 1-1의 반복문에서 1 대신 <code>1 / abs(center - context)</code>를 더합니다. </details>
# <details><summary>힌트 2</summary> 같은 쌍이 다시 나오면 덮어쓰지 말고 더해야 합니다. <code>collections.Counter</code>는 없는 열쇠를 0으로 봅니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "01-harmonic", "grade": false, "solution": true, "locked": false, "task": false}
def harmonic_counts(tokens, window):
    ### BEGIN SOLUTION
    weights = Counter()
    for center, word in enumerate(tokens):
        for distance in range(1, window + 1):
            if center + distance < len(tokens):
                weights[word, tokens[center + distance]] += 1 / distance
                weights[tokens[center + distance], word] += 1 / distance
    return weights
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "01-harmonic-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("01-harmonic", points=3, hint="거리가 2인 이웃은 1/2을 더합니다. 같은 쌍은 덮어쓰지 말고 더하세요."):
    weights = harmonic_counts(["가", "나", "가"], 2)
    assert np.isclose(weights["가", "나"], 2)
    assert np.isclose(weights["가", "가"], 1)
    assert np.isclose(harmonic_counts(["가", "나", "다", "라"], 3)["라", "가"], 1 / 3)

# %% [markdown]
# ## 5. 거의 비어 있는 행렬과 지프의 법칙
#
# 여기서부터는 NumPy 배열과 희소 행렬을 씁니다. 처음이라면 아래 셀을 한 줄씩 읽어 보세요. 뒤의 연습에 필요한 것은 이것이 전부입니다.

# %%
M = np.array([[3.0, 4.0], [0.0, 2.0], [1.0, 0.0]])           # 행 3개, 열 2개
print("모양:", M.shape, "· 첫 행:", M[0], "· 둘째 열:", M[:, 1])
print("행의 합:", M.sum(axis=1), "· 열의 합:", M.sum(axis=0))       # axis=1: 열을 따라 더해 행마다 하나
lengths = np.linalg.norm(M, axis=1, keepdims=True)             # 행마다 길이, 모양 (3, 1)
print("행을 길이로 나누면:", (M / lengths).round(2).tolist())          # (3, 2) / (3, 1): 행마다 자기 길이로 (브로드캐스팅, broadcasting)
print("행과 행의 내적:", M @ M[0])                                # (3, 2) @ (2,) → (3,)
print("큰 것부터 늘어놓은 자리:", np.argsort(-np.array([0.2, 0.9, 0.5])))
S = sparse.csr_array(M)                                        # 0이 아닌 칸만 저장
cells = S.tocoo()                                              # 저장된 칸의 행 번호, 열 번호, 값
print("저장된 칸:", list(zip(cells.row.tolist(), cells.col.tolist(), cells.data.tolist())), "· 개수:", S.nnz)

# %% [markdown]
# > **예측해 보세요.** 이 행렬의 칸 가운데 0인 칸은 얼마나 될까요?

# %%
predict("01-zero-share", choices=["절반쯤", "80%쯤", "95% 이상"], mine=None)

# %%
zero_share_here = 1 - counts.count_nonzero() / np.prod(counts.shape)
compare("01-zero-share", "95% 이상" if zero_share_here >= 0.95 else "80%쯤" if zero_share_here > 0.65 else "절반쯤")
dense_mb = np.prod(counts.shape) * 8 / 1e6
sparse_mb = (counts.data.nbytes + counts.indices.nbytes + counts.indptr.nbytes) / 1e6
print(f"0인 칸 {zero_share_here:.2%} · 모든 칸을 저장하면 {dense_mb:,.0f} MB, 0이 아닌 칸만 저장하면 {sparse_mb:,.1f} MB")
print(f"낱말이 2만 개라면 모든 칸을 저장하는 데 {20_000**2 * 8 / 1e9:.1f} GB가 듭니다.")

# %%
frequency = np.sort(vocabulary.counts)[::-1]
rank = np.arange(1, len(frequency) + 1)
slope, intercept = np.polyfit(np.log(rank[10:1000]), np.log(frequency[10:1000]), 1)

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
left.loglog(rank, frequency, ".", markersize=4)
left.loglog(rank[10:1000], np.exp(intercept) * rank[10:1000] ** slope, color="#D55E00", label=f"11~1000위: 기울기 {slope:.2f}")
left.set(xlabel="순위 (로그)", ylabel="횟수 (로그)", title="지프의 법칙")
left.legend()
right.spy(counts[:400, :400], markersize=0.4, color="#0072B2")
right.set_title("흔한 400낱말의 행렬: 점은 0이 아닌 칸", pad=22)
corner = counts[:50, :50].count_nonzero() / 50**2
edge = counts[350:400, 350:400].count_nonzero() / 50**2
show(fig, alt=f"왼쪽: 순위와 횟수를 로그로 나타낸 점들. 11위부터 1000위까지는 기울기 {slope:.2f}의 직선에 가깝고 맨 앞과 꼬리는 아래로 휜다. 오른쪽: 가장 흔한 낱말의 "
              f"행과 열이 위쪽과 왼쪽의 띠를 이룬다. 50위까지끼리는 {corner:.0%}, 350~400위끼리는 {edge:.0%}가 차 있다.")
print(f"가장 흔한 20개가 차지하는 자리: {frequency[:20].sum() / frequency.sum():.0%}, 다섯 번 이하로 나오는 종류: {np.mean(frequency <= 5):.0%}")

# %% [markdown]
# **지프의 법칙**(Zipf's law): 횟수는 순위에 **대략** 반비례합니다(정확히 반비례하면 기울기가 −1입니다). 맨 앞의 조사와 어미 20여 개와 1000위 뒤의 꼬리는 직선에서 벗어납니다. 사람이
# 만든 작은 말뭉치이기 때문이기도 합니다. 몇 안 되는 낱말이 절반 가까운 자리를 차지하고, 낱말의 절반쯤은 다섯 번 이하로 나옵니다. 그래서 행렬은 위쪽과 왼쪽의 **띠**만 차고 나머지는
# 거의 비어 있습니다. 두 가지가 따라 나옵니다.
#
# 1. 0이 아닌 칸만 저장하는 **희소 행렬**(sparse matrix)이 꼭 필요합니다.
# 2. 흔한 낱말의 열이 모든 낱말의 행을 지배합니다. 다음 절에서 이것이 문제가 됩니다.

# %% [markdown]
# ### ✏️ 연습 1-3 (2점): 빈 칸의 비율
# 희소 행렬 `counts`를 받아 **값이 0인 칸의 비율**(0~1)을 돌려주는 `zero_share`를 완성하세요. 희소 행렬에는 0이 *저장되어* 있을 수도 있습니다.
#
# <details><summary>힌트 1</summary> 전체 칸 수는 <code>counts.shape[0] * counts.shape[1]</code>입니다. </details>
# <details><summary>힌트 2</summary> <code>counts.nnz</code>는 저장된 칸의 수, <code>counts.count_nonzero()</code>는 그 가운데 0이 아닌 칸의 수입니다. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "01-zero-share", "grade": false, "solution": true, "locked": false, "task": false}
def zero_share(counts):
    ### BEGIN SOLUTION
    cells = counts.shape[0] * counts.shape[1]
    return 1 - counts.count_nonzero() / cells
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "01-zero-share-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("01-zero-share", points=2, hint="0인 칸의 비율 = 1 − (0이 아닌 칸) / (행 × 열)"):
    small = sparse.csr_array(np.array([[0, 2, 0], [2, 0, 0]]))
    assert np.isclose(zero_share(small), 4 / 6)
    stored_zero = sparse.csr_array((np.array([0, 5]), (np.array([0, 1]), np.array([0, 1]))), shape=(2, 2))
    assert np.isclose(zero_share(stored_zero), 3 / 4), "저장된 0도 0입니다."

# %% [markdown]
# ## 6. 횟수로 찾은 이웃은 어디까지 믿을 수 있을까요
#
# 행렬의 한 **행**은 그 낱말이 어떤 문맥에 몇 번 나왔는가를 적은 벡터입니다. 분포 가설에 따르면 비슷한 낱말은 행도 비슷해야 합니다. 벡터가
# 얼마나 비슷한지는 코사인 유사도(cosine similarity), 곧 두 벡터가 이루는 각의 코사인으로 잽니다(05강에서 자세히 다룹니다).
#
# $$\cos(u, v) = \frac{u \cdot v}{\lVert u \rVert\,\lVert v \rVert}$$
#
# > **예측해 보세요.** `고양이`의 행과 가장 비슷한 행 다섯 가운데 동물은 몇일까요?

# %%
predict("01-cat-neighbours", "동물은 몇 개일까요? (0~5)", mine=None)

# %%
neighbours = {word: similarity.nearest(counts, vocabulary, word, n=5) for word in ("고양이", "사과", "서울", "의사", "먹다")}
animals = set(categories.word[categories.category == "animals"])
compare("01-cat-neighbours", sum(word in animals for word, _ in neighbours["고양이"]))
pd.DataFrame({word: [f"{n} {c:.2f}" for n, c in found] for word, found in neighbours.items()}).T

# %% [markdown]
# 동물들 사이에 `에서`, `와` 같은 조사가 끼어 있습니다. 몇 낱말만 보고 판단하면 안 되니, 범주가 알려진 모든 낱말로 재고 **우연**과 비교합니다. 우연의 기준은
# 낱말의 순서를 말뭉치 전체에서 뒤섞은 말뭉치입니다. 낱말의 횟수는 그대로이고 문맥만 뜻을 잃습니다.

# %%
observed = evaluation.category_precision(counts, vocabulary, categories, n=5)
shuffled_counts, shuffled_vocabulary = cooccurrence.count_cooccurrences(evaluation.shuffled_corpus(tokens, seed=0), window=5)
by_chance = evaluation.category_precision(shuffled_counts, shuffled_vocabulary, categories, n=5)
for name, result in (("횟수 그대로", observed), ("뒤섞은 말뭉치", by_chance)):
    print(f"{name}: 이웃 5개의 범주 일치율 {result.precision:.3f}  95% 구간 [{result.low:.3f}, {result.high:.3f}]")
print(f"아무 이웃이나 골랐을 때 기대되는 값 {observed.chance:.3f} (낱말 {observed.n_covered}개)")

# %% [markdown]
# 범주가 알려진 낱말**끼리만** 견주면 횟수만으로도 우연보다 훨씬 낫습니다. 분포 가설이 잘 맞습니다. 이 말뭉치가 작고 가지런한 덕도 큽니다. 그런데 왜 조사가
# 이웃으로 끼어들까요? 이웃을 **어휘 전체**에서 찾고, 행 벡터가 무엇으로 이루어져 있는지 들여다봅시다.

# %%
known = categories[categories.word.isin(vocabulary.index)]
category_of = dict(zip(known.word, known.category))
listed = [vocabulary.index[word] for word in known.word]
unit = similarity.unit_rows(counts)                                    # (V, V), 행의 길이가 1
cosines = (unit[listed] @ unit.T).toarray()                            # (범주가 알려진 낱말, V)
cosines[np.arange(len(listed)), listed] = -1                           # 자기 자신은 뺍니다
top = np.argsort(-cosines, axis=1, kind="stable")[:, :5]
same = np.array([[category_of.get(vocabulary.words[j]) == category for j in row] for row, category in zip(top, known.category)])
low, high = evaluation.bootstrap_interval(np.mean, same.mean(axis=1))
print(f"어휘 전체에서 찾은 이웃 5개 가운데 같은 범주: {same.mean():.3f} [{low:.3f}, {high:.3f}]")
wrong = [vocabulary.words[j] for j in top[~same]]
often = set(vocabulary.words[:20])
print(f"틀린 이웃 {len(wrong)}개: 가장 흔한 20개 말이 {sum(w in often for w in wrong)}개, 다른 범주의 낱말이 {sum(w in category_of for w in wrong)}개, "
      f"나머지 {sum(w not in often and w not in category_of for w in wrong)}개")
names, times = np.unique([vocabulary.words[j] for row in top for j in row], return_counts=True)
print("여러 낱말의 이웃으로 가장 자주 뽑힌 말:", " ".join(f"{names[i]}({times[i]})" for i in np.argsort(-times, kind="stable")[:12]))

# %%
rng = np.random.default_rng(0)
frequent = np.flatnonzero(vocabulary.counts >= 20)
some = rng.choice(frequent, size=(2000, 2))
some = some[some[:, 0] != some[:, 1]]
random_cosines = np.asarray(unit[some[:, 0]].multiply(unit[some[:, 1]]).sum(axis=1)).ravel()
squares = counts.multiply(counts).tocsc()
share_of_top = np.asarray(squares[:, :20].sum(axis=1)).ravel() / np.asarray(squares.sum(axis=1)).ravel()
pairwise = (unit[listed] @ unit[listed].T).toarray()[np.triu_indices(len(listed), 1)]              # 범주가 알려진 낱말의 모든 쌍
alike = (known.category.to_numpy()[:, None] == known.category.to_numpy())[np.triu_indices(len(listed), 1)]
print(f"코사인의 중앙값: 같은 범주끼리 {np.median(pairwise[alike]):.2f}, 다른 범주끼리 {np.median(pairwise[~alike]):.2f}, 아무 두 낱말 {np.median(random_cosines):.2f}")
print(f"행 벡터 길이의 제곱 가운데 가장 흔한 20개 열의 몫: 중앙값 {np.median(share_of_top[frequent]):.0%}")
print("그 20개:", " ".join(vocabulary.words[:20]))

fig, axis = plt.subplots(figsize=(6.5, 3))
axis.hist(random_cosines, bins=40, color="#56B4E9")
axis.set(xlabel="코사인 유사도", ylabel="낱말 쌍의 수", title="아무렇게나 고른 두 낱말의 코사인 (횟수 행렬)")
axis.axvline(np.median(random_cosines), color="#D55E00", label="중앙값")
axis.legend()
low, high = np.quantile(random_cosines, [0.05, 0.95])
show(fig, alt=f"아무 두 낱말의 코사인 유사도 분포. 가운데 90%가 {low:.2f}에서 {high:.2f}까지 넓게 퍼져 있고 중앙값은 {np.median(random_cosines):.2f}이다.")

# %% [markdown]
# 까닭이 위의 줄들에 있습니다. 가장 흔한 20개(조사, 어미, 문장 부호)의 열이 행 벡터의 길이를 대부분 차지합니다. 이 열들은 누구나 나누어 가지므로, 같은 범주끼리의 코사인과 다른 범주끼리의
# 코사인이 조금밖에 다르지 않습니다. 순서는 대체로 맞지만 차이가 작아서, 조사처럼 흔한 말이 그 틈에 끼어듭니다. 가지런한 백과사전에서는 그래도 쓸 만합니다. 실제 글에서는 어떨까요?
# 7절에서 보고, 02강에서 수로 잽니다.
#
# *왜 틀릴 수 있을까요?* 조사와 어미를 지우면 된다고 생각할 수 있습니다(불용어, stopword). 그러나 어디까지가 불용어일까요? 영화 리뷰에서는 `영화`도
# 모든 낱말의 이웃입니다. 목록을 손으로 만드는 대신 "**우연히 만날 횟수보다 얼마나 자주 만났는가**"를 묻는 것이 다음 강의의 PMI입니다.

# %% [markdown]
# ### ✏️ 연습 1-4 (3점): 가장 가까운 낱말 찾기
# 밀집 행렬 `matrix`(V×d, numpy), 낱말 목록 `words`, 낱말 `word`, 개수 `n`을 받아 코사인이 큰 순서로 낱말 `n`개의 리스트를 돌려주는 `nearest_words`를
# 완성하세요. 자기 자신은 빼고, 길이가 0인 행의 코사인은 0으로 봅니다.
#
# <details><summary>힌트 1</summary> 각 행을 자기 길이로 나누면 코사인은 내적 한 번입니다: <code>unit @ unit[i]</code>. </details>
# <details><summary>힌트 2</summary> <code>np.argsort(-cosines)</code>는 큰 것부터 늘어놓은 자리 번호를 줍니다. 낱말의 자리는 <code>words.index(word)</code>입니다. </details>
# <details><summary>힌트 3</summary> 0으로 나누면 NaN이 되고, NaN은 정렬을 망칩니다. 길이가 0인 행은 1로 나누세요. </details>

# %% nbgrader={"schema_version": 3, "grade_id": "01-nearest-words", "grade": false, "solution": true, "locked": false, "task": false}
def nearest_words(matrix, words, word, n):
    ### BEGIN SOLUTION
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled = matrix / np.where(lengths == 0, 1, lengths)
    own = words.index(word)
    cosines = scaled @ scaled[own]
    order = [row for row in np.argsort(-cosines) if row != own]
    return [words[row] for row in order[:n]]
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "01-nearest-words-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 3}
with check("01-nearest-words", points=3, hint="행을 단위 벡터로 만든 뒤 내적하고, 자기 자신과 0인 행을 조심하세요."):
    points = np.array([[1.0, 0.0], [10.0, 1.0], [0.1, 0.1], [0.0, 3.0], [0.0, 0.0]])
    letters = ["가", "나", "다", "라", "마"]
    assert nearest_words(points, letters, "가", 2) == ["나", "다"], "길이가 아니라 방향을 비교합니다."
    assert "가" not in nearest_words(points, letters, "가", 4), "자기 자신은 뺍니다."
    assert nearest_words(points, letters, "라", 1) == ["다"]
    opposite = np.vstack([points, [-1.0, 0.0]])
    assert nearest_words(opposite, [*letters, "바"], "가", 5)[-1] == "바", "길이가 0인 행의 코사인은 0이므로 음수인 것보다 앞입니다."

# %% [markdown]
# ## 7. 실제 리뷰 71만 건에서는
#
# 작은 백과사전에서 본 것이 실제 글에서도 그럴까요? 네이버 영화 리뷰(NSMC 원자료) 712,404건 가운데 빈 리뷰 21건을 뺀 712,383건에서 같은 셈을 합니다. 자료가 이 컴퓨터에 있으면 바로 세고,
# 없으면 미리 재어 둔 표(`data/results/`)를 보여 줍니다.

# %%
if datasets.available("nsmc-stars"):
    reviews = movie_reviews.tokens(limit=by_profile(smoke=20_000, laptop=None, gpu=None))
    review_table = movie_reviews.counting_report(reviews)
    print("이 컴퓨터의 리뷰로 지금 잰 값입니다.")
else:
    review_table = pd.read_csv(datasets.data_folder() / "results" / "lesson01_reviews.csv")
    print("자료가 없어 미리 재어 둔 값을 보여 줍니다. 다시 재려면: LAB_DATA_DIR=자료폴더 python -m instructor.results")
review_table[["항목", "값"]]

# %% [markdown]
# 말뭉치가 백 배쯤 커져도 두 가지는 그대로입니다. `송강호`의 **곁에** 가장 많이 온 것은 여전히 조사와 문장 부호이고, 칸은 대부분 비어 있습니다. 달라진 것도
# 있습니다. `송강호`처럼 많이 나오고 쓰임이 뚜렷한 이름은 횟수만으로도 **행이 비슷한 말**이 배우들입니다. 그러나 `감독`이나 `눈물`의 이웃에는 엉뚱한 말이 많이
# 섞입니다. 자료를 더 모으는 것만으로는 모자랍니다. 얼마나 모자라는지는 02강에서 사람의 판단과 비교해 수로 잽니다.

# %% [markdown]
# ## 8. 퀴즈

# %%
quiz("01-q-hypothesis", "분포 가설을 가장 잘 옮긴 것은?", choices=[
    "자주 나오는 낱말일수록 뜻이 중요하다",
    "비슷한 문맥에 나타나는 낱말은 뜻도 비슷한 경향이 있다",
    "한 문장에 함께 나온 낱말은 뜻이 같다",
], answer=2, why="함께 나온 낱말(밥과 시금치)이 아니라, 같은 자리에 나오는 낱말(시금치와 공심채)이 비슷합니다.")

# %%
quiz("01-q-pairs", "낱말 10개인 문장, 창 크기 3. (중심, 문맥) 쌍은 모두 몇 개입니까?", unit="개", digits=0, answer=48,
     why="2(nw − w(w+1)/2) = 2(30 − 6) = 48. 양 끝에서 창이 잘립니다.")

# %%
quiz("01-q-boundary", "문장 경계를 무시하고 이어 붙여 세면 어떻게 됩니까?", choices=[
    "아무 차이가 없다", "가짜 이웃이 늘고, 문장이 짧을수록 그 몫이 크다", "쌍의 수가 줄어든다",
], answer=2, why="경계 하나마다 창 크기 w에 대해 w(w+1)개의 쌍이 새로 생깁니다.")

# %%
quiz("01-q-raw", "횟수 행렬에서 상관없는 두 낱말의 코사인이 높은 까닭은?", choices=[
    "행렬이 대칭이어서", "흔한 조사와 어미의 열이 모든 행을 지배해서", "말뭉치가 작아서",
], answer=2, why="리뷰 71만 건에서도 마찬가지였습니다. 흔한 열의 몫을 줄이는 것이 02강의 PMI입니다.")

# %%
summary()

# %% [markdown]
# ## 요약
# - 낱말의 뜻은 그 낱말이 나타나는 **문맥의 분포**로 상당 부분 짐작할 수 있습니다.
# - 창을 놓고 세면 V×V 동시 등장 행렬이 됩니다. 경계, 방향, 거리 가중은 모두 선택이고, 그 값은 차이의 구간으로 잽니다.
# - 행렬은 거의 비어 있고(희소), 횟수는 지프의 법칙을 따릅니다.
# - 횟수 그대로는 흔한 낱말의 열이 벡터를 지배합니다. 가지런한 글에서는 견딜 만해도 실제 글에서는 모자라고, 우연과 비교하는 셈이 필요합니다.
#
# ## 더 나아가
# - Harris(1954), *Distributional Structure*; Firth(1957)의 "a word by the company it keeps": 분포 가설의 처음.
# - Levy & Goldberg(2014), *Dependency-Based Word Embeddings*: 창 대신 문법 관계를 문맥으로 쓰면 "함께"가 아니라 "비슷함"이 더 잘 보입니다.
# - Levy, Goldberg & Dagan(2015): 창 크기, 거리 가중 같은 "사소한" 선택이 알고리즘의 차이만큼 큽니다.
#
# 다음: [02 PMI와 SVD](02_pmi_and_svd.ipynb)
