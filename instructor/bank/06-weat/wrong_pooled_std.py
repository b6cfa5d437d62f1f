"""두 모둠 안의 표준편차를 합친 것(코헨의 d)으로 나눔"""
def weat_effect(X, Y, A, B):
    X, Y, A, B = map(similarity.unit_rows, (X, Y, A, B))
    x, y = ((group @ A.T).mean(axis=1) - (group @ B.T).mean(axis=1) for group in (X, Y))
    return (x.mean() - y.mean()) / np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
