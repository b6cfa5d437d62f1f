"""지수를 취하지 않고 내적을 합으로 나눔"""
def log_probability(W, C, w, c):
    scores = C @ W[w]
    with np.errstate(all="ignore"):
        return float(np.log(scores[c] / scores.sum()))
