/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

/**
 * IssTestSshd:
 *
 * A real sshd on 127.0.0.1 with keys, port and client configuration of its own. Whoever runs
 * the test logs in to it.
 */
typedef struct _IssTestSshd IssTestSshd;

IssTestSshd *iss_test_sshd_new             (IssTempFolder *temp,
                                            const char    *name,
                                            const char    *key_options) G_GNUC_WARN_UNUSED_RESULT;
void         iss_test_sshd_free            (IssTestSshd   *self);

guint        iss_test_sshd_get_port        (IssTestSshd   *self);
const char  *iss_test_sshd_get_config      (IssTestSshd   *self);
void         iss_test_sshd_stop            (IssTestSshd   *self);
void         iss_test_sshd_forget_host_key (IssTestSshd   *self);
void         iss_test_sshd_change_host_key (IssTestSshd   *self);
void         iss_test_sshd_lock_out        (IssTestSshd   *self);
void         iss_test_sshd_lock_key        (IssTestSshd   *self,
                                            const char    *passphrase);
char        *iss_test_sshd_dup_known_hosts (IssTestSshd   *self) G_GNUC_WARN_UNUSED_RESULT;
char        *iss_test_sshd_dup_fingerprint (IssTestSshd   *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssTestSshd, iss_test_sshd_free)

G_END_DECLS
