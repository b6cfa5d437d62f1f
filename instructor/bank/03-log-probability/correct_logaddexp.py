"""두 개씩 안전하게 더하는 logaddexp로"""
def log_probability(W, C, w, c):
    inner = C @ W[w]
    return inner[c] - np.logaddexp.reduce(inner)
