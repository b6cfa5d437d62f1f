"""확률로 바꾸지 않고 횟수끼리 나눔: 흔한 낱말이 늘 커 보입니다"""
def probability_ratio(counts, i, j, k):
    return counts[i, k] / counts[j, k] if counts[j, k] else np.inf
