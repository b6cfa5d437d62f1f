"""반복문으로 정의 그대로"""
def weat_effect(X, Y, A, B):
    def cos(v, w):
        return v @ w / np.sqrt((v @ v) * (w @ w))

    def s(w):
        return np.mean([cos(w, a) for a in A]) - np.mean([cos(w, b) for b in B])

    x, y = [s(w) for w in X], [s(w) for w in Y]
    return (np.mean(x) - np.mean(y)) / np.std(x + y, ddof=1)
