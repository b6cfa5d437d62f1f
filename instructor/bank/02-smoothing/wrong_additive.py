"""덧셈 평활(라플라스)과 혼동"""
def smoothed_contexts(context_counts, alpha):
    added = np.asarray(context_counts, dtype=float) + alpha
    return added / added.sum()
