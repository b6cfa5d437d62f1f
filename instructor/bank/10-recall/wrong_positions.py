"""같은 등수에 있어야만 찾은 것으로 셈"""
def mean_recall(found, right):
    return float(np.mean(np.asarray(found) == np.asarray(right)))
