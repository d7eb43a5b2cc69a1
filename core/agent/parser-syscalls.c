/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-syscalls.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/error.h"

/* No descriptor is opened, no process made, nobody signalled but ourselves. */
static const int allowed[] =
{
  /* What came over the socket, and the answer */
  SCMP_SYS (read), SCMP_SYS (readv), SCMP_SYS (write), SCMP_SYS (writev), SCMP_SYS (close),

  /* Memory; without PROT_EXEC, below */
  SCMP_SYS (brk), SCMP_SYS (munmap), SCMP_SYS (mremap), SCMP_SYS (madvise),
  SCMP_SYS (mlock), SCMP_SYS (mlock2), SCMP_SYS (munlock),

  /* Locks of one thread, random numbers, the time */
  SCMP_SYS (futex), SCMP_SYS (futex_time64), SCMP_SYS (getrandom),
  SCMP_SYS (clock_gettime), SCMP_SYS (clock_gettime64), SCMP_SYS (clock_getres),
  SCMP_SYS (gettimeofday), SCMP_SYS (time),

  /* What libraries ask about the process itself */
  SCMP_SYS (getpid), SCMP_SYS (gettid), SCMP_SYS (getuid), SCMP_SYS (geteuid),
  SCMP_SYS (getgid), SCMP_SYS (getegid), SCMP_SYS (fstat), SCMP_SYS (sysinfo),
  SCMP_SYS (sched_yield), SCMP_SYS (sched_getaffinity), SCMP_SYS (sigaltstack),
  SCMP_SYS (restart_syscall),

  /* The end, a bad one too */
  SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask), SCMP_SYS (rt_sigreturn),
  SCMP_SYS (exit), SCMP_SYS (exit_group),
};

static int
add_rules (scmp_filter_ctx filter)
{
  int status = 0;

  for (gsize i = 0; status == 0 && i < G_N_ELEMENTS (allowed); i++)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0);

  if (status == 0)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1,
                               SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  if (status == 0)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                               SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

  /* abort() */
  if (status == 0)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (tgkill), 1,
                               SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t) getpid ()));

  return status;
}

/**
 * iss_parser_syscalls_are_restrictable:
 *
 * Returns: whether the kernel, and the container around us, let a process give up system calls
 */
gboolean
iss_parser_syscalls_are_restrictable (void)
{
  const guint32 action = SECCOMP_RET_ERRNO;

  return syscall (SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

/**
 * iss_parser_syscalls_restrict:
 * @error: return location for an error
 *
 * Gives up every system call but the few that reading a file takes, for good: the others say
 * %EPERM from now on. Those of another architecture end the process. The process cannot gain
 * privileges any more, either.
 *
 * Returns: whether it is done; if not, nothing has changed
 */
gboolean
iss_parser_syscalls_restrict (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  int status;

  if (filter == NULL)
    {
      iss_error_set_from_errno (error, ENOMEM, _("System calls cannot be restricted"));
      return FALSE;
    }

  status = add_rules (filter);
  if (status == 0)
    status = seccomp_load (filter);
  seccomp_release (filter);

  if (status != 0)
    iss_error_set_from_errno (error, -status, _("System calls cannot be restricted"));

  return status == 0;
}
