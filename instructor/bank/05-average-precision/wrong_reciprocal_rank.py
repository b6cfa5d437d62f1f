"""맞은 자리마다 1/순위를 더함: 그때까지 맞은 수를 세지 않음"""
def average_precision(hits, n_relevant):
    return sum(1 / place for place, hit in enumerate(hits, start=1) if hit) / n_relevant
