"""맞지 않은 자리의 정밀도까지 모두 더함"""
def average_precision(hits, n_relevant):
    right, total = 0, 0.0
    for place, hit in enumerate(hits, start=1):
        right += hit
        total += right / place
    return total / n_relevant
