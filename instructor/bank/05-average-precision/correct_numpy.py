"""누적 합으로"""
def average_precision(hits, n_relevant):
    hits = np.asarray(hits)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / n_relevant)
