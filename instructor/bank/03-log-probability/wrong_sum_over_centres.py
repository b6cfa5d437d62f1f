"""분모에서 문맥이 아니라 중심 낱말을 모두 더함"""
def log_probability(W, C, w, c):
    scores = W @ C[c]
    return float(scores[w] - np.logaddexp.reduce(scores))
