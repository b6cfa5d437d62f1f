"""하나라도 찾으면 성공으로 셈(적중률)"""
def mean_recall(found, right):
    return float(np.mean([len(set(f) & set(r)) > 0 for f, r in zip(found, right)]))
