"""질의마다 np.isin"""
def mean_recall(found, right):
    return np.mean([np.isin(right[q], found[q]).mean() for q in range(len(right))])
