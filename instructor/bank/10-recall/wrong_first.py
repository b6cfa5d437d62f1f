"""1등을 찾았는지만 봄(재현율@1)"""
def mean_recall(found, right):
    return float(np.mean(np.asarray(found)[:, 0] == np.asarray(right)[:, 0]))
