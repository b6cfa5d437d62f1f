"""순위를 0부터 셈"""
def average_precision(hits, n_relevant):
    right, total = 0, 0.0
    for place, hit in enumerate(hits):
        if hit:
            right += 1
            total += right / max(place, 1)
    return total / n_relevant
