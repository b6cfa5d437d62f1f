"""가장 큰 점수를 빼고 직접 계산"""
def info_nce(S):
    def one_way(scores):
        scores = scores - scores.max(axis=1, keepdims=True)
        return (np.log(np.exp(scores).sum(axis=1)) - np.diag(scores)).mean()
    return 0.5 * (one_way(S) + one_way(S.T))
