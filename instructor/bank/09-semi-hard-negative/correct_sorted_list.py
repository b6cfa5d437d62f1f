"""부정을 가까운 차례로 보며 긍정보다 먼 첫 번째를 고름"""
def semi_hard_negative(D, labels, a, p):
    order = sorted((n for n in range(len(labels)) if labels[n] != labels[a]), key=lambda n: D[a, n])
    for n in order:
        if D[a, n] > D[a, p]:
            return n
    return order[-1]
