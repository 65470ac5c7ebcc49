print 'done'
