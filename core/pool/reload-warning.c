/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/reload-warning.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/reload-text.h"
#include "core/pool/reload-note.h"

/**
 * iss_reload_warning_free:
 * @self: (transfer full): a warning
 */
void
iss_reload_warning_free (IssReloadWarning *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->server);
  g_free (self->type);
  g_free (self->lead);
  g_free (self->rest);
  g_free (self);
}

/* @lead is taken; @reason is a sentence without its full stop. */
static void
add (GPtrArray  *warnings,
     IssServer  *server,
     const char *type,
     char       *lead,
     const char *reason)
{
  IssReloadWarning *warning = g_new0 (IssReloadWarning, 1);

  warning->server = g_object_ref (server);
  warning->type = g_strdup (type);
  warning->lead = lead;
  warning->rest = g_strdup_printf ("%s.", reason);
  g_ptr_array_add (warnings, warning);
}

static void
add_server (GPtrArray *warnings,
            IssServer *server)
{
  const char *error = iss_reload_note_get_error (server);
  const IssReload *reload;
  guint position = 0;

  if (error != NULL)
    {
      /* Translators: follows a server and a colon */
      add (warnings, server, NULL,
           g_strdup (_("it is not known which services are to be reloaded.")), error);
      return;
    }

  while ((reload = iss_reload_note_next_wrong (server, &position)) != NULL)
    {
      gint64 now = iss_observation_get_time (iss_server_get_observation (server));
      g_autofree char *trouble = iss_reload_text_dup_trouble (reload, now);

      /* Translators: follows a server and a colon: a service, a certificate type */
      add (warnings, server, reload->type,
           g_strdup_printf (_("%s does not use what is published for %s yet."),
                            reload->consumer, reload->type),
           trouble);
    }
}

static GPtrArray *
warnings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) iss_reload_warning_free);
}

/**
 * iss_reload_warning_find_on:
 * @server: a server, as it was last seen
 *
 * Returns: (transfer full) (element-type IssReloadWarning): its services that go on with what
 *   they had, or that it cannot say which there are
 */
GPtrArray *
iss_reload_warning_find_on (IssServer *server)
{
  GPtrArray *warnings = warnings_new ();

  g_return_val_if_fail (ISS_IS_SERVER (server), warnings);

  add_server (warnings, server);

  return warnings;
}

/**
 * iss_reload_warning_find:
 * @pool: a pool, as it was last seen
 *
 * Returns: (transfer full) (element-type IssReloadWarning): the services that go on with what they
 *   had, and servers that cannot say which there are
 */
GPtrArray *
iss_reload_warning_find (IssPool *pool)
{
  GPtrArray *warnings = warnings_new ();

  g_return_val_if_fail (ISS_IS_POOL (pool), warnings);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);

      if (iss_server_is_answering (server))
        add_server (warnings, server);
    }

  return warnings;
}
