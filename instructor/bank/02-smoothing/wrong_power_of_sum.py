"""합의 거듭제곱으로 나눔: 거듭제곱의 합과 다릅니다"""
def smoothed_contexts(context_counts, alpha):
    return np.asarray(context_counts, dtype=float) ** alpha / np.sum(context_counts) ** alpha
