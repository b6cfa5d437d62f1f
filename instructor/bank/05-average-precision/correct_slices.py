"""맞은 자리마다 앞부분을 잘라 정밀도를 구함"""
def average_precision(hits, n_relevant):
    return sum(sum(hits[:i + 1]) / (i + 1) for i in range(len(hits)) if hits[i]) / n_relevant
