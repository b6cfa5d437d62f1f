"""거듭제곱이 아니라 alpha를 곱함: 나누면 사라집니다"""
def smoothed_contexts(context_counts, alpha):
    scaled = np.asarray(context_counts, dtype=float) * alpha
    return scaled / scaled.sum()
