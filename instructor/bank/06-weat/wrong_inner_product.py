"""코사인 대신 내적을 씀(긴 벡터가 결과를 좌우함)"""
def weat_effect(X, Y, A, B):
    x, y = (group @ A.mean(axis=0) - group @ B.mean(axis=0) for group in (X, Y))
    return (x.mean() - y.mean()) / np.concatenate([x, y]).std(ddof=1)
