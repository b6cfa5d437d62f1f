"""합 대신 평균을 써서 벌점이 본 영화의 수만큼 세짐"""
def als_user(Q, e, penalty):
    n = max(len(Q), 1)
    return np.linalg.solve(Q.T @ Q / n + penalty * np.eye(Q.shape[1]), Q.T @ e / n)
