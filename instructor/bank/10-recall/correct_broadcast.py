"""한꺼번에 비교"""
def mean_recall(found, right):
    same = np.asarray(right)[:, :, None] == np.asarray(found)[:, None, :]
    return same.any(axis=2).mean()
