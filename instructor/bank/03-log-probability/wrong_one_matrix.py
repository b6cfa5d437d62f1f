"""문맥에도 중심 벡터를 씀(벡터가 하나뿐인 모델)"""
def log_probability(W, C, w, c):
    scores = W @ W[w]
    return float(scores[c] - np.logaddexp.reduce(scores))
