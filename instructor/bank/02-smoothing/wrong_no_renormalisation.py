"""거듭제곱한 뒤 다시 나누지 않음: 합이 1이 아닙니다"""
def smoothed_contexts(context_counts, alpha):
    return (np.asarray(context_counts) / np.sum(context_counts)) ** alpha
