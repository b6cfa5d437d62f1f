"""확률을 먼저 만들고 거듭제곱해도 같음"""
def smoothed_contexts(context_counts, alpha):
    p = np.asarray(context_counts) / np.sum(context_counts)
    return p**alpha / np.sum(p**alpha)
