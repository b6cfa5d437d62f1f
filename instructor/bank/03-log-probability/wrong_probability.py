"""로그를 취하지 않고 확률을 돌려줌"""
def log_probability(W, C, w, c):
    scores = C @ W[w]
    p = np.exp(scores - scores.max())
    return float(p[c] / p.sum())
