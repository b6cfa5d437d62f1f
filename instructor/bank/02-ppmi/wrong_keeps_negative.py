"""음수를 자르지 않음 (PMI)"""
def ppmi(counts):
    coo = counts.tocoo()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    value = np.log(coo.data * counts.sum() / (row[coo.row] * column[coo.col]))
    return sparse.csr_array((value, (coo.row, coo.col)), shape=counts.shape)
