"""질의를 섞어 한 집합으로 셈"""
def mean_recall(found, right):
    return len(set(np.ravel(found)) & set(np.ravel(right))) / len(set(np.ravel(right)))
