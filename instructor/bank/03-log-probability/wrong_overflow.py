"""가장 큰 점수를 빼지 않아 큰 내적에서 넘침"""
def log_probability(W, C, w, c):
    with np.errstate(all="ignore"):
        scores = np.exp(C @ W[w])
        return float(np.log(scores[c] / scores.sum()))
