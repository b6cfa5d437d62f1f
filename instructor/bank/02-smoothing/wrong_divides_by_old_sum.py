"""거듭제곱하기 전의 합으로 나눔"""
def smoothed_contexts(context_counts, alpha):
    return np.asarray(context_counts, dtype=float) ** alpha / np.sum(context_counts)
