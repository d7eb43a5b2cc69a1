/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-confinement.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/agent/parser-syscalls.h"
#include "core/base/error.h"

/* Of linux/landlock.h, which is older than the kernels we run on. The kernel takes the
 * structure as long as it knows it. */
typedef struct
{
  guint64 files;
  guint64 network;    /* since version 4 */
  guint64 scopes;     /* since version 6 */
} Ruleset;

#define CREATE_RULESET_VERSION (1u << 0)

static int
get_landlock_version (void)
{
  return (int) syscall (SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
}

/* Everything that each version can forbid. */
static gsize
fill_ruleset (Ruleset *ruleset,
              int      version)
{
  ruleset->files = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version == 2 ? 0x3fff : 0x1fff;
  ruleset->network = 0x3;
  ruleset->scopes = 0x3;

  if (version >= 6)
    return sizeof *ruleset;

  return version >= 4 ? G_STRUCT_OFFSET (Ruleset, scopes) : G_STRUCT_OFFSET (Ruleset, network);
}

/* A ruleset without a rule: nothing that it knows is allowed. */
static gboolean
leave_files (GError **error)
{
  Ruleset ruleset;
  gsize size = fill_ruleset (&ruleset, get_landlock_version ());
  int fd = (int) syscall (SYS_landlock_create_ruleset, &ruleset, size, 0);
  gboolean restricted = fd >= 0 && syscall (SYS_landlock_restrict_self, fd, 0) == 0;
  int saved_errno = errno;

  if (fd >= 0)
    close (fd);
  if (!restricted)
    iss_error_set_from_errno (error, saved_errno, _("The file system cannot be given up"));

  return restricted;
}

static gboolean
set_limits (GError **error)
{
  const struct { int resource; rlim_t soft; rlim_t hard; } limits[] =
    {
      { RLIMIT_AS, (rlim_t) ISS_PARSER_CONFINEMENT_MEMORY, (rlim_t) ISS_PARSER_CONFINEMENT_MEMORY },
      { RLIMIT_CPU, ISS_PARSER_CONFINEMENT_CPU_SECONDS, ISS_PARSER_CONFINEMENT_CPU_SECONDS + 1 },
      { RLIMIT_FSIZE, 0, 0 },
      { RLIMIT_NPROC, 0, 0 },
      { RLIMIT_CORE, 0, 0 },
      { RLIMIT_NOFILE, 0, 0 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      struct rlimit now;
      struct rlimit then = { limits[i].soft, limits[i].hard };

      /* Whoever started us may have been stricter. */
      if (getrlimit ((__rlimit_resource_t) limits[i].resource, &now) == 0)
        {
          then.rlim_max = MIN (then.rlim_max, now.rlim_max);
          then.rlim_cur = MIN (then.rlim_cur, then.rlim_max);
        }

      if (setrlimit ((__rlimit_resource_t) limits[i].resource, &then) != 0)
        {
          iss_error_set_from_errno (error, errno, _("Memory and time cannot be limited"));
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * iss_parser_confinement_get_lacks:
 *
 * Asks without changing anything. It is asked again in iss_parser_confinement_enter(), which
 * fails if what is there cannot be used: a wall is up, or said to be missing.
 *
 * Returns: which walls this system does not have
 */
IssParserLacks
iss_parser_confinement_get_lacks (void)
{
  IssParserLacks lacks = 0;

  if (get_landlock_version () < 1)
    lacks |= ISS_PARSER_LACKS_LANDLOCK;
  if (!iss_parser_syscalls_are_restrictable ())
    lacks |= ISS_PARSER_LACKS_SECCOMP;

  return lacks;
}

/**
 * iss_parser_confinement_dup_text:
 * @lacks: walls that @server_name does not have
 * @server_name: a server, as people call it
 *
 * Returns: (transfer full) (nullable): a sentence that says so and what to do, or %NULL
 */
char *
iss_parser_confinement_dup_text (IssParserLacks  lacks,
                                 const char     *server_name)
{
  const char *missing;

  g_return_val_if_fail (server_name != NULL, NULL);

  if (lacks == 0)
    return NULL;

  if (lacks == ISS_PARSER_LACKS_LANDLOCK)
    missing = _("Landlock");
  else if (lacks == ISS_PARSER_LACKS_SECCOMP)
    missing = _("seccomp");
  else
    missing = _("Landlock and seccomp");

  /* Translators: a server, and what its kernel does not have: "Landlock", "Landlock and seccomp" */
  return g_strdup_printf (_("Files that are imported on %s are read behind fewer walls: its kernel "
                            "or container does not offer %s. Import only files you trust there."),
                          server_name, missing);
}

/**
 * iss_parser_confinement_enter:
 * @error: return location for an error
 *
 * Gives up, for good and for the whole process, which has one thread: opening files and
 * sockets, other programs and processes, new privileges, and more memory and time than reading
 * a file takes. The descriptors that are open stay.
 *
 * Returns: whether every wall that this system has is up; if not, the process must not go on
 */
gboolean
iss_parser_confinement_enter (GError **error)
{
  IssParserLacks lacks = iss_parser_confinement_get_lacks ();

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    {
      iss_error_set_from_errno (error, errno, _("Privileges cannot be given up"));
      return FALSE;
    }

  if ((lacks & ISS_PARSER_LACKS_LANDLOCK) == 0 && !leave_files (error))
    return FALSE;

  if (!set_limits (error))
    return FALSE;

  return (lacks & ISS_PARSER_LACKS_SECCOMP) != 0 || iss_parser_syscalls_restrict (error);
}
